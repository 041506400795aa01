"""What `./dev bench NAME` runs: a module for each benchmark, run with Odoo on its own database."""
