from odoo.exceptions import AccessError

from ..signals import Violation
from . import Actor

CALLS = ("read", "write", "create", "unlink")
# What people who pack and sell may do; whoever is not named may do nothing.
ALLOWED = {
    "read": {
        *("octopus.order", "octopus.order.line", "octopus.order.refund"),
        *("octopus.order.refund.line", "octopus.order.print", "octopus.sold.out"),
        *("octopus.fulfillment", "octopus.fulfillment.line", "octopus.channel"),
        *("octopus.channel.service", "octopus.channel.title"),
    },
    "write": {"octopus.order"},
}
STAFF = ("packer", "cashier")


class Stranger(Actor):
    """Has few rights or none, and tries everything."""

    per_day = 10

    def act(self, dice):
        who, call = dice.choice(("stranger", *STAFF)), dice.choice(CALLS)
        allowed = ALLOWED.get(call, set()) if who in STAFF else set()
        with self.simulation.registry.cursor() as cr:
            env = self.simulation.environment(cr, self.shop.users[who])
            for name in sorted(name for name in env.registry if name.startswith("octopus.")):
                model = env[name]
                if model._abstract or model._transient or name in allowed:
                    continue
                record = model.sudo().search([], limit=1, order="id desc").sudo(False)
                if self._may(record, call):
                    raise Violation("Rights", f"a {who} may {call} {name}")
            cr.rollback()

    def _may(self, record, call):
        if call != "read":
            return record.has_access(call)
        try:
            record.search([], limit=1)
            record.read(["id", "display_name"])
        except AccessError:
            return False
        return True
