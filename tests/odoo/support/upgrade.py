"""The scripts of an upgrade, each on its own; a whole upgrade is in tests/soak."""

from odoo.modules.module import load_script
from odoo.tools import file_path

VERSION = "19.0.1.0.0"


class UpgradeMixin:
    """``migrate`` for any of Odoo's test classes."""

    def migrate(self, name):
        self.env.flush_all()
        script = load_script(file_path(f"linga_octopus/migrations/{name}"), "script")
        script.migrate(self.env.cr, VERSION)
        self.env.invalidate_all()
