"""./dev setup: fetches, installs and prepares everything that the other commands need."""

from .provision import chromium, databases, node, odoo_source, postgres, venv


def run_setup(arguments):
    """Set everything up and leave nothing running."""
    venv.ensure()
    chromium.ensure()
    node.ensure()
    odoo_source.ensure()
    with postgres.running():
        databases.test()
        databases.demo()
    return 0
