"""What `./dev bench NAME` runs: a module for each benchmark, run with Odoo on its own database."""

from odoo.modules.module import initialize_sys_path
from odoo.tools import config

# Benchmarks import from the addon, which Odoo finds by its configuration.
config.parse_config([])
initialize_sys_path()
