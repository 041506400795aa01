from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from ...const import COUNT_LIMIT
from ...lib.tracking import split_numbers
from ...orm import format_quantity
from ..fulfillment.shipping import hand_over, ship
from ..order.screens import notify_screens
from ..order.search import search_box_domain
from ..order.status_rules import SEEN_STATUS, TO_ACT
from .auto_print import to_print_domain, values_to_start
from .connection import disconnected_since
from .order_filters import filter_choices, filter_domain, list_order, status_domain
from .order_for_pos import order_detail, order_row, shipping

# Orders that one call returns at most, whatever it asks for.
MAX_PAGE = 200


class PosConfig(models.Model):
    """What the screen of online orders calls, with the rights of the cashier."""

    _inherit = "pos.config"

    octopus_late_minutes = fields.Integer(
        "Online Orders Late After",
        default=30,
        help="Minutes after which an open online order is shown in red. 0: never.",
    )

    octopus_cancel_pin = fields.Boolean(
        "Manager PIN to Cancel Online Orders",
        help="Where employees log in, a cashier needs the PIN of a manager to cancel an order.",
    )

    octopus_auto_print = fields.Boolean(
        "Print New Online Orders",
        help="The packing slip of each new online order is printed here automatically, on the "
        "receipt printer. Where several points of sale do, one of them prints it.",
    )
    octopus_auto_print_after = fields.Integer(
        copy=False,
        export_string_translation=False,
        help="The id of the newest order when this Point of Sale was told to print new orders.",
    )

    octopus_open_count = fields.Integer(
        "Open Online Orders",
        compute="_compute_octopus_open_count",
        help="Online orders of the stores of this Point of Sale that are still to be acted on.",
    )

    # === COMPUTE METHODS === #

    def _compute_octopus_open_count(self):
        # A cashier may not read the stores, and sees the orders of the own companies only.
        stores_sudo = self.env["octopus.account"].sudo()
        accounts_sudo = stores_sudo.search([("pos_config_ids", "in", self.ids)])
        counts = {
            account.id: count
            for account, count in self.env["octopus.order"]._read_group(
                Domain("account_id", "in", accounts_sudo.ids) & TO_ACT,
                ["account_id"],
                ["__count"],
            )
        }
        for config in self:
            stores = accounts_sudo.filtered(
                lambda store, config=config: config in store.pos_config_ids
            )
            config.octopus_open_count = sum(counts.get(store.id, 0) for store in stores)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override: orders that are there already are not printed."""
        return super().create([values_to_start(self.env, vals) for vals in vals_list])

    def write(self, vals):
        """Override: orders that are there already are not printed."""
        if all(config.octopus_auto_print for config in self):
            return super().write(vals)
        return super().write(values_to_start(self.env, vals))

    # === ACTION METHODS === #

    def action_octopus_open_orders(self):
        """Open the list of the open online orders of this Point of Sale."""
        action = self.env["ir.actions.actions"]._for_xml_id("linga_octopus.octopus_order_action")
        action["domain"] = list(self._octopus_domain())
        action["context"] = {"search_default_open": 1}
        return action

    def get_octopus_summary(self):
        """Return what the button of the navigation bar and the alert show: whether there is a
        store, how many orders are open and unseen, and the newest of the unseen ones."""
        accounts_sudo = self._octopus_accounts_sudo()
        orders = self.env["octopus.order"]
        domain = self._octopus_domain()
        to_act = domain & TO_ACT
        unseen = Domain.OR(
            Domain("account_id", "=", account.id) & Domain("id", ">", account.seen_order_id)
            for account in accounts_sudo
        )
        newest = orders.search(to_act & unseen, order="id desc", limit=1)
        return {
            "is_linked": bool(accounts_sudo),
            "late_minutes": self.octopus_late_minutes,
            "has_to_print": bool(self._octopus_to_print()),
            "disconnected_since": disconnected_since(accounts_sudo),
            "seen_id": min(accounts_sudo.mapped("seen_order_id"), default=0),
            "newest": self._octopus_alert(newest) if newest else False,
            "to_act": orders.search_count(to_act, limit=COUNT_LIMIT + 1),
            "unseen": orders.search_count(to_act & unseen, limit=COUNT_LIMIT + 1),
            "latest_id": orders.search(domain, order="id desc", limit=1).id,
        }

    def get_octopus_orders(self, text="", status=False, offset=0, limit=40, filters=None):
        """Return a page of online orders, the newest first, and their number; without a text also
        the number of orders in each status, and the choices of the filters.

        :param dict filters: see `filter_domain`
        """
        orders = self.env["octopus.order"]
        mine = self._octopus_domain() & filter_domain(orders, filters or {})
        domain = mine & search_box_domain(orders, text)
        if status:
            domain &= status_domain(status, filters)
        sorting = list_order(filters or {})
        found = orders.search(domain, offset=offset, limit=min(limit, MAX_PAGE), order=sorting)
        page = {
            "orders": [order_row(order) for order in found],
            "count": orders.search_count(domain, limit=COUNT_LIMIT + 1),
        }
        if not text:
            page["counts"] = {
                value: orders.search_count(
                    mine & status_domain(value, filters), limit=COUNT_LIMIT + 1
                )
                for value in orders._fields["status"].get_values(self.env)
            }
            page["choices"] = filter_choices(orders, self._octopus_accounts_sudo())
        return page

    def get_octopus_order(self, order_id):
        """Return one online order with its lines, as the detail pane shows it."""
        return order_detail(self._octopus_order(order_id))

    def get_octopus_cancel_questions(self, order_id, seen_status=None):
        """Return the questions to ask before this order is cancelled."""
        return self._octopus_order(order_id, seen_status).get_cancel_questions()

    def set_octopus_status(self, order_id, status, seen_status=None, reason=False):
        """Set the status of an online order, and return its row.

        :param str seen_status: the status that the cashier saw
        :param reason: why it is cancelled, a value of `cancel_reason`
        """
        order = self._octopus_order(order_id, seen_status)
        if status == "cancelled":
            order.action_cancel(reason)
        else:
            order.status = status
        return order_row(order)

    def decide_octopus_changes(self, order_id, is_applied):
        """Apply what the channel changed of an order, or keep the order, and return its details."""
        order = self._octopus_order(order_id)
        if is_applied:
            order.action_apply_changes()
        else:
            order.action_keep_changes()
        return order_detail(order)

    def get_octopus_shipping(self, order_id):
        """Return what to ask before an order is shipped, or handed over: pieces and carriers."""
        return shipping(self._octopus_order(order_id))

    def ship_octopus_order(self, order_id, values):
        """Ship an order or hand it over, and return its details.

        :param dict values: `kind` ("parcel" or "counter"), `pieces` (by id of the line), and
            `carrier` and `numbers`, or `handed_to`
        """
        order = self._octopus_order(order_id)
        order.check_access("write")
        # Parcels are written by the addon; every user of online orders may ship.
        order_sudo = order.sudo()
        wanted = values.get("pieces") or {}
        pieces = {line: float(wanted.get(str(line.id), 0)) for line in order_sudo.line_ids}
        if values.get("kind") == "counter":
            hand_over(order_sudo, pieces, handed_to=values.get("handed_to") or "")
        else:
            numbers = split_numbers(" ".join(values.get("numbers") or ()))
            ship(order_sudo, pieces, numbers=numbers, carrier=values.get("carrier") or False)
        return order_detail(order)

    def set_octopus_ready(self, order_id, is_ready):
        """Say that the goods of an order wait for the customer, or not; return its details."""
        order = self._octopus_order(order_id)
        if is_ready:
            order.action_ready_for_pickup()
        else:
            order.action_not_ready_for_pickup()
        return order_detail(order)

    def set_octopus_printed(self, order_ids):
        """Save that this Point of Sale has printed the packing slips of orders."""
        orders = self.env["octopus.order"].search(
            self._octopus_domain() & Domain("id", "in", order_ids)
        )
        self._octopus_slips_sudo()._set_printed(self, orders)
        return True

    def claim_octopus_prints(self):
        """Take the next new orders to print at this Point of Sale; return their details. No other
        one prints them now."""
        claimed = self._octopus_slips_sudo()._claim(self, self._octopus_to_print())
        return [order_detail(order) for order in claimed]

    def set_octopus_not_printed(self, order_ids):
        """Save that the printer failed: another Point of Sale may print these orders."""
        orders = self.env["octopus.order"].search(
            self._octopus_domain() & Domain("id", "in", order_ids)
        )
        notify_screens(self._octopus_slips_sudo()._give_up(self, orders))
        return True

    def find_octopus_order(self, code):
        """Return the id of the online order whose number a scanner read, or False."""
        code = code.strip().lstrip("#")
        number = Domain("aggregator_order_no", "=", code) | Domain(
            "third_party_order_no", "in", [code, f"#{code}"]
        )
        number |= Domain("fulfillment", "=", "pickup") & Domain("pickup_code", "=", code.upper())
        return self.env["octopus.order"].search(self._octopus_domain() & number, limit=1).id

    def set_octopus_sold_out(self, order_id, line_id, is_sold_out):
        """Publish 0 for the product of a line until tomorrow, or take that back; return the
        details of the order."""
        order = self._octopus_order(order_id)
        product = order.line_ids.filtered(lambda line: line.id == line_id).product_id
        # What is published belongs to the store, which cashiers cannot change otherwise.
        sold_out_sudo = self.env["octopus.sold.out"].sudo()
        sold_out_sudo._set_sold_out(order.sudo().account_id, product.sudo(), is_sold_out)
        return order_detail(order)

    def set_octopus_seen(self, latest_id):
        """Stop the alert for orders up to this one at every Point of Sale of these stores.

        :param int latest_id: of the newest order that was on the screen
        """
        accounts_sudo = self._octopus_accounts_sudo()
        orders_sudo = self.env["octopus.order"].sudo()
        newest = orders_sudo.search(
            [("account_id", "in", accounts_sudo.ids)], order="id desc", limit=1
        )
        # An id from the future would hide the orders that are still to come.
        latest_id = min(latest_id, newest.id or 0)
        accounts_sudo = accounts_sudo.filtered(lambda account: account.seen_order_id < latest_id)
        if accounts_sudo:
            # Plain SQL keeps a collision of two Points of Sale out of the log. Odoo repeats the
            # second request, which finds nothing to do.
            self.env.cr.execute(
                SQL(
                    "UPDATE octopus_account SET seen_order_id = %s WHERE id IN %s",
                    latest_id,
                    accounts_sudo._ids,
                ),
                log_exceptions=False,
            )
            accounts_sudo.invalidate_recordset(["seen_order_id"])
            for config in accounts_sudo.pos_config_ids:
                config._notify("OCTOPUS_ORDERS", {"ids": []})

    # === BUSINESS METHODS === #

    def _octopus_accounts_sudo(self):
        """Return the stores of this Point of Sale, which cashiers cannot read themselves."""
        self.ensure_one()
        self.check_access("read")
        return self.env["octopus.account"].sudo().search([("pos_config_ids", "in", self.ids)])

    def _octopus_slips_sudo(self):
        """Return the model of the printed slips, which no user writes directly."""
        self.ensure_one()
        self.check_access("read")
        return self.env["octopus.order.print"].sudo()

    def _octopus_to_print(self):
        """Return the next orders that this Point of Sale may claim to print."""
        orders = self.env["octopus.order"]
        if not self.octopus_auto_print:
            return orders
        domain = self._octopus_domain() & to_print_domain(self)
        return self._octopus_slips_sudo()._to_claim(orders, domain)

    def _octopus_alert(self, order):
        """Return what the alert says of a new order."""
        return {
            "id": order.id,
            "title": order.display_name,
            "customer": order.customer_name or "",
            "total": format_amount(self.env, order.check_total, order.currency_id),
            "pieces": format_quantity(self.env, sum(order.line_ids.mapped("quantity"))),
        }

    def _octopus_domain(self):
        return Domain("account_id", "in", self._octopus_accounts_sudo().ids)

    def _octopus_order(self, order_id, seen_status=None):
        order = self.env["octopus.order"].search(
            self._octopus_domain() & Domain("id", "=", order_id)
        )
        if not order:
            raise AccessError(
                self.env._(
                    "This online order is not for this Point of Sale. Close it and reload the list."
                )
            )
        if seen_status:
            order = order.with_context(**{SEEN_STATUS: {str(order.id): seen_status}})
        return order
