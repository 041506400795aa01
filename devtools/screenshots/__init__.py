"""./dev screenshots: takes the pictures of docs/img/ from the running demo."""

from .. import paths
from ..provision import chromium, node, venv
from ..steps import call


def run_screenshots(arguments):
    """Take the pictures with these names, or all, in the Python environment with Playwright."""
    venv.ensure()
    chromium.ensure()
    node.ensure()  # Odoo calls rtlcss for Arabic
    command = [venv.PYTHON, "-m", "devtools.screenshots", *arguments]
    return call(command, env=venv.environ(paths.ROOT))
