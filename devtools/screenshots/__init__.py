"""./dev screenshots: takes the pictures of docs/img/ from the running demo.

`shots` lists the pictures; `scene` and `day` make the demo show what they need.
"""

from .. import paths
from ..provision import chromium, node, venv
from ..steps import call


def run_screenshots(arguments):
    """Take the pictures with these names, or all, in the Python environment."""
    venv.ensure()
    chromium.ensure()
    node.ensure()  # Odoo calls rtlcss for Arabic
    command = [venv.PYTHON, "-m", "devtools.screenshots", *arguments]
    return call(command, env=venv.environ(paths.ROOT))
