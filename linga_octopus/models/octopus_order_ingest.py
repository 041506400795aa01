from datetime import timezone

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..lib.octopus_api import FACILITATOR_SOURCES, InvalidOrder, Order, dumps
from .octopus_order_worker import DEDUCT_CRON

# Longer than any id; PostgreSQL cannot index texts of any length.
MAX_REF = 200

# Creating an order is the hot path: no chatter lines, no followers, no tracking.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}
ADDRESS_LINES = (
    ("name",),
    ("company",),
    ("address1",),
    ("address2",),
    ("zip", "city"),
    ("province",),
    ("country",),
    ("phone",),
)
PICKUP_WORDS = ("pickup", "pick-up", "pick up", "collect")


class OctopusOrder(models.Model):
    """How an order gets in: webhook and poll both end here."""

    _inherit = "octopus.order"

    @api.model
    def _ingest(self, account, payload, *, raw=None, is_news=True):
        """Store what Octopus says of an order, and return the order.

        Told the same thing twice, the second time changes nothing. A new order does not touch
        the stock: the worker deducts it.

        :param dict payload: the order as Octopus sends it, bare or under `order`
        :param str raw: the payload's text, when it is at hand
        :param bool is_news: whether an unknown order has just been placed; else it may be an
            old one that changed, and those from before the store was connected are kept
            without taking their goods from the stock
        :raise InvalidOrder: the payload is no order; says which field
        :raise ConcurrencyError: somebody else stored the order at the same moment; start again
            in a new transaction
        """
        remote = Order.from_json(payload)
        if len(remote.ref) > MAX_REF:
            raise InvalidOrder("id", "is too long")
        # Webhook and worker act for the account: no user may create or change orders.
        orders_sudo = self.sudo().with_company(account.company_id)
        order, location, warehouse = orders_sudo._look_up(account, remote)
        if order:
            order._apply_update(remote, location, warehouse, raw)
            return order
        currency, notice = orders_sudo._find_currency(account, remote)
        vals = orders_sudo._prepare_from_octopus(account, remote)
        vals.update(
            currency_id=currency.id,
            channel_notice=notice,
            location_id=location.id,
            warehouse_id=warehouse.id,
        )
        vals["payload"] = raw or dumps(remote.raw)
        if not is_news and orders_sudo._is_older_than_account(account, remote):
            vals["stock_state"] = "none"
            vals["stock_message"] = self.env._(
                "Placed before the store was connected: its goods were not taken from the stock."
            )
        lines = orders_sudo.line_ids._prepare_from_octopus(account, remote, currency)
        vals["needs_mapping"] = any(line["needs_mapping"] for line in lines)
        try:
            order = orders_sudo.with_context(**QUIET).create(vals)
        except UniqueViolation as error:
            # The winner's order is not visible in this transaction, only in a new one.
            raise ConcurrencyError("order stored at the same moment") from error
        order = order.with_env(orders_sudo.env)
        order.line_ids._insert(order, lines)
        order._apply_facts(remote)
        order._wake_worker(DEDUCT_CRON)
        return order

    @api.model
    def _ingest_deletion(self, account, payload):
        """Follow the deletion of an order in Octopus, and return the order.

        An order that is not here yet is stored all the same, cancelled: when the news of its
        creation comes late, it must not be taken for a new one.
        """
        ref = Order.from_json(payload).ref
        order = self.sudo().search(
            [("account_id", "=", account.id), ("aggregator_order_no", "=", ref)]
        )
        if not order:
            order = self._ingest(account, payload)
        order._deleted_by_channel()
        return order

    @api.model
    def _is_older_than_account(self, account, remote):
        placed = remote.octopus_created_at or remote.created_at
        return bool(placed and _naive(placed) < account.orders_since)

    # === VALUES === #

    @api.model
    def _prepare_from_octopus(self, account, remote):
        """Return the values of a new order that stand in it."""
        return {
            "account_id": account.id,
            "company_id": account.company_id.id,
            "aggregator_order_no": remote.ref,
            "third_party_name": remote.source,
            "third_party_order_no": remote.number,
            "transaction_time": _naive(
                remote.created_at or remote.octopus_created_at or remote.updated_at
            )
            or fields.Datetime.now(),
            "is_test": remote.test,
            **self._prepare_changeable(remote),
        }

    @api.model
    def _prepare_changeable(self, remote):
        """Return the values that Octopus may still change after the order was placed."""
        customer = remote.customer
        return {
            "customer_name": customer.name or customer.email or customer.phone,
            "customer_ref": customer.ref,
            "email": customer.email,
            "phone": customer.phone,
            "billing_address": _address_text(remote.billing_address),
            "shipping_address": _address_text(remote.shipping_address),
            "fulfilment": "pickup" if _is_pickup(remote) else "delivery",
            "note": remote.note,
            "tags": remote.tags,
            "financial_status": remote.financial_status,
            "payment_method": remote.gateway,
            "octopus_updated_at": _naive(remote.updated_at),
            **self._prepare_amounts(remote),
        }

    @api.model
    def _prepare_amounts(self, remote):
        """Return the amounts, and what they leave unexplained of Octopus's own total."""
        lines = remote.lines
        goods = sum(line.price * line.quantity for line in lines)
        discount = remote.total_discounts
        if discount is None:
            discount = sum(line.total_discount for line in lines)
        tax = remote.total_tax
        if tax is None:
            tax = sum(line.tax for line in lines)
        shipping, tip = remote.total_shipping or 0, remote.total_tip or 0
        paid_by_channel = remote.source in FACILITATOR_SOURCES
        added_tax = 0 if paid_by_channel or remote.taxes_included else tax
        explained = goods - discount + shipping + added_tax + tip
        total = explained if remote.total_price is None else remote.total_price
        return {
            "check_total": float(total),
            "amount_subtotal": float(goods),
            "amount_discount": float(discount),
            "amount_shipping": float(shipping),
            "amount_tax": float(tax),
            "amount_tip": float(tip),
            "amount_difference": float(total - explained),
            "taxes_included": bool(remote.taxes_included),
            "is_tax_paid_by_channel": paid_by_channel,
        }

    # === WHERE AND IN WHICH MONEY === #

    @api.model
    def _find_currency(self, account, remote):
        """Return the currency, and a notice when Octopus names one that is not known here."""
        if not remote.currency:
            return account.company_id.currency_id, False
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search_fetch(
            [("name", "=", remote.currency)], ["rounding", "decimal_places"], limit=1
        )
        if found:
            return found, False
        currency = account.company_id.currency_id
        notice = self.env._(
            "Octopus states the amounts in %(code)s, a currency that is not known here. They are "
            "shown as %(currency)s.",
            code=remote.currency,
            currency=currency.name,
        )
        return currency, notice

    @api.model
    def _look_up(self, account, remote):
        """Return the order if it is here already, its Octopus location (the account's default
        when it names none that we know), and the warehouse that fills its orders.

        One query: this is the hot path.
        """
        self.flush_model(["account_id", "aggregator_order_no"])
        self.env["octopus.location"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT 'order', id, NULL::integer FROM octopus_order
                    WHERE account_id = %(account)s AND aggregator_order_no = %(ref)s
                    UNION ALL
                   SELECT 'named', id, warehouse_id FROM octopus_location
                    WHERE account_id = %(account)s AND octopus_ref = %(location)s AND active
                    UNION ALL
                   SELECT 'default', id, warehouse_id FROM octopus_location
                    WHERE account_id = %(account)s AND is_default AND active""",
                account=account.id,
                ref=remote.ref,
                location=remote.location_ref,
            )
        )
        found = {kind: (record_id, warehouse_id) for kind, record_id, warehouse_id in rows}
        nothing = (None, None)
        default = found.get("default", nothing)
        location_id, warehouse_id = found.get("named", default)
        warehouses = self.env["stock.warehouse"]
        warehouse = warehouses.browse(warehouse_id or default[1] or ())
        if not warehouse:
            warehouse = warehouses.search([("company_id", "=", account.company_id.id)], limit=1)
        return (
            self.browse(found.get("order", nothing)[0] or ()),
            self.env["octopus.location"].browse(location_id or ()),
            warehouse,
        )


def _naive(moment):
    """Return an aware moment as Odoo keeps it: UTC, naive, whole seconds."""
    return moment and moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


def _address_text(address):
    """Return an address as the lines of an envelope."""
    if not address:
        return False
    address = {key: value for key, value in address.items() if isinstance(value, str | int)}
    if not address.get("name"):
        name = f"{address.get('first_name') or ''} {address.get('last_name') or ''}"
        address["name"] = name.strip()
    lines = (
        " ".join(str(address[key]).strip() for key in keys if address.get(key))
        for keys in ADDRESS_LINES
    )
    return "\n".join(filter(None, lines))


def _is_pickup(remote):
    """Tell whether the customer comes for the goods: no address to bring them to, or a way of
    delivery that says so."""
    titles = " ".join(
        str(line.get(key) or "") for line in remote.shipping_lines for key in ("title", "code")
    ).lower()
    return not remote.shipping_address or any(word in titles for word in PICKUP_WORDS)
