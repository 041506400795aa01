"""./dev translations: exports the addon's terms into linga_octopus/i18n."""

from .provision import databases, odoo_source, postgres, venv
from .servers.odoo_server import Odoo
from .steps import Failure, step


def run_translations(arguments):
    """Export the template and merge it into the translations."""
    if arguments:
        raise Failure(f"./dev translations takes no arguments, not {arguments[0]}.")
    venv.ensure()
    odoo_source.ensure()
    with postgres.running(), step("Translations") as current:
        Odoo(databases.test()).call("translations", step=current)
    return 0
