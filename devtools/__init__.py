"""What ./dev does, one module a job. Standard library only: it runs before there is a venv."""
