"""python -m simulation DATABASE TEMPLATE ...: what ./dev simulate runs, with Odoo."""

import importlib
import sys

from odoo.tools import config

# Odoo finds the addons when it is configured, so the rest is imported afterwards.
config.parse_config(["--no-http", "--log-level=error", "-d", sys.argv[1]], setup_logging=True)
sys.exit(importlib.import_module("simulation.command").main())
