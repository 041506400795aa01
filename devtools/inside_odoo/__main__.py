"""python -m devtools.inside_odoo DATABASE SCRIPT: run a script with an environment, and commit."""

import importlib
import sys

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

database, script = sys.argv[1:]
config.parse_config(["-d", database], setup_logging=True)
with Registry(database).cursor() as cr:
    module = importlib.import_module(f"devtools.inside_odoo.{script}")
    module.run(api.Environment(cr, SUPERUSER_ID, {}))
