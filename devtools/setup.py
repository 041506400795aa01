"""./dev setup: fetches, installs and prepares everything that the other commands need."""

from .provision import chromium, databases, node, odoo_source, postgres, venv


def run_setup(arguments):
    """Set everything up and leave nothing running.

    What `./dev lint` needs as well comes after the other downloads: beside it (as in .ci/run),
    each of the two fetches one half.
    """
    chromium.install()
    odoo_source.ensure()
    venv.ensure()
    chromium.ensure()
    node.ensure()
    with postgres.running():
        databases.test()
        databases.demo()
    return 0
