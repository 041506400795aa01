from odoo.exceptions import AccessError, MissingError

from ..signals import Violation
from . import Actor

# Who tries, and what the addon's models must refuse.
CALLS = ("write", "unlink", "create", "read")


class Stranger(Actor):
    """Has no right to online orders, and tries everything."""

    per_day = 10

    def act(self, dice):
        with self.simulation.registry.cursor() as cr:
            env = self.simulation.environment(cr, self.shop.users["stranger"])
            names = sorted(name for name in env.registry if name.startswith("octopus."))
            name, call = dice.choice(names), dice.choice(CALLS)
            model = env[name]
            if model._abstract or model._transient:
                return
            record = model.sudo().search([], limit=1, order="id desc").sudo(False)
            if record and self._may(record, call):
                raise Violation("Rights", f"a stranger may {call} {name}")
            cr.rollback()

    def _may(self, record, call):
        arguments = {
            "write": [{}],
            "unlink": [],
            "read": [["id", "display_name"]],
            "create": [{}],
        }[call]
        try:
            getattr(record, call)(*arguments)
        except (AccessError, MissingError):
            return False
        return call != "write" or record.has_access("write")
