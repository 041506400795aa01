"""Scripts that run inside Odoo; each is a module with a function `run(env)`."""
