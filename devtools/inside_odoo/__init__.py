"""Scripts that run inside Odoo, each a module with a function `run(env)`."""
