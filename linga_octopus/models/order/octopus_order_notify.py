"""How open screens learn that an online order is new or has changed."""

from odoo import api, models
from odoo.tools import SQL

from .octopus_order_worker import DEDUCT_CRON

# What a screen shows and somebody may have changed elsewhere.
SHOWN_FIELDS = {"status", "stock_state", "needs_mapping", "check_total", "line_ids"}


class OctopusOrder(models.Model):
    _inherit = "octopus.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if not orders._is_amid_a_burst():
            orders._notify_screens()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if SHOWN_FIELDS & vals.keys():
            self._notify_screens()
        return result

    def _first_in_queue(self, cron):
        """Show the order while the worker wakes up; in a rush the worker tells the screens, once
        for all the orders of a batch."""
        result = super()._first_in_queue(cron)
        if cron == DEDUCT_CRON:
            self._notify_screens()
        return result

    def _is_amid_a_burst(self):
        """Tell whether the worker has other new orders before it.

        Waking the screens costs as much as taking an order in. In a rush the worker does it,
        once for all the orders that it deducts together.
        """
        # Plain SQL: this is part of taking an order in.
        waiting = SQL(
            "SELECT 1 FROM octopus_order WHERE stock_state = 'waiting' AND id NOT IN %s LIMIT 1",
            tuple(self.ids) or (0,),
        )
        return bool(self.env.execute_query(waiting))

    def _notify_screens(self):
        """Tell open lists and tills, once per transaction, to look at these orders again."""
        if not self:
            return
        pending = self.env.cr.precommit.data.setdefault("linga_octopus.orders", set())
        if not pending:
            self.env.cr.precommit.add(self.env["octopus.order"]._send_order_notifications)
        pending.update(self.ids)

    @api.model
    def _send_order_notifications(self):
        ids = sorted(self.env.cr.precommit.data.pop("linga_octopus.orders", ()))
        # Whoever changed the order need not be allowed to see the groups and tills to tell.
        orders_sudo = self.sudo().browse(ids).exists()
        if not orders_sudo:
            return
        message = {"ids": orders_sudo.ids}
        self.env.ref("linga_octopus.group_octopus_user").sudo()._bus_send(
            "linga_octopus/orders", message
        )
        for config in orders_sudo.account_id.pos_config_ids:
            config._notify("OCTOPUS_ORDERS", message)
