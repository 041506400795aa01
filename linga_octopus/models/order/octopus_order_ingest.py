from datetime import timezone

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...lib.octopus_api import Order, dumps
from ...orm import insert_query
from .octopus_order_worker import DEDUCT_CRON

# Orders: several batches of the worker.
LONG_QUEUE = 100

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
        # Webhook and worker act for the account: no user may create or change orders.
        orders_sudo = self.sudo().with_company(account.company_id)
        order, location, warehouse, currency, bound = orders_sudo._look_up(account, remote)
        if order:
            order._apply_update(remote, location, warehouse, raw)
            return order
        vals = orders_sudo._prepare_from_octopus(account, remote, currency, bound)
        vals.update(location_id=location.id, warehouse_id=warehouse.id)
        vals["payload"] = raw or dumps(remote.raw)
        if not is_news and orders_sudo._is_older_than_account(account, remote):
            vals["stock_state"] = "none"
            vals["stock_message"] = self.env._(
                "Placed before the store was connected: its goods were not taken from the stock."
            )
        vals["is_alert_due"] = vals["stock_state"] == "waiting"
        order = orders_sudo._store(account, vals)
        order._apply_facts(remote)
        return order

    @api.model
    def _store(self, account, vals):
        """Insert a new order with its lines in one statement, and return it."""
        lines = vals.pop("line_ids")
        query = SQL(
            """WITH new_order AS (%s), new_lines AS (%s)
             SELECT id, (SELECT count(*) FROM (
                        SELECT 1 FROM octopus_order WHERE stock_state = 'waiting' LIMIT %s
                    ) AS queue)
               FROM new_order""",
            insert_query(self, [vals]),
            self._line_query(lines),
            LONG_QUEUE,
        )
        self.env.flush_query(query)
        try:
            # That somebody else is quicker is no error for the log.
            self.env.cr.execute(query, log_exceptions=False)
            [(order_id, waiting)] = self.env.cr.fetchall()
        except UniqueViolation as error:
            # The winner's order is not visible in this transaction, only in a new one.
            raise ConcurrencyError("order stored at the same moment") from error
        order = self.browse(order_id)
        # All that is asked for before the answer: no need to read the order back.
        known = {name: vals[name] for name in ("aggregator_order_no", "stock_state")}
        order._update_cache(known, validate=False)
        if vals["stock_state"] != "waiting":
            order._notify_screens()
        # Before a long queue the worker cannot have had its last look by the time we commit.
        elif waiting < LONG_QUEUE:
            order._wake_worker(DEDUCT_CRON)
        return order

    @api.model
    def _line_query(self, lines):
        if not lines:
            return SQL("SELECT 1")
        order_id = SQL("(SELECT id FROM new_order)")
        return insert_query(
            self.env["octopus.order.line"], [{"order_id": order_id, **line} for line in lines]
        )

    @api.model
    def _ingest_deletion(self, account, payload):
        """Follow the deletion of an order in Octopus, and return the order.

        An order that is not here yet is stored all the same, cancelled: when the news of its
        creation comes late, it must not be taken for a new one.
        """
        ref = Order.ref_of(payload)
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
    def _prepare_from_octopus(self, account, remote, currency, bound):
        """Return the values of a new order, its lines as plain values under `line_ids`."""
        notice = False
        if not currency:
            currency, notice = self._company_currency(account, remote)
        lines = self.env["octopus.order.line"]._prepare_from_octopus(
            account, remote, currency, bound
        )
        now = fields.Datetime.now()
        placed = remote.created_at or remote.octopus_created_at or remote.updated_at
        return {
            "account_id": account.id,
            "company_id": account.company_id.id,
            "currency_id": currency.id,
            "channel_notice": notice,
            "aggregator_order_no": remote.ref,
            "third_party_name": remote.source,
            "third_party_order_no": remote.number,
            "transaction_time": _naive(placed) or now,
            "received_at": now,
            "status": "take_action",
            "stock_state": "waiting",
            "is_test": remote.test,
            "needs_mapping": any(line["needs_mapping"] for line in lines),
            "line_ids": lines,
            **self._prepare_changeable(remote, currency),
        }

    def _prepare_changeable(self, remote, currency):
        """Return the values that Octopus may still change after the order was placed.

        `self` is the order when it is here already: what decides a value together with what the
        news leave out.
        """
        customer = remote.customer
        return {
            "customer_name": customer.name or customer.email or customer.phone,
            "customer_ref": customer.ref,
            "email": customer.email,
            "phone": customer.phone,
            "billing_address": _address_text(remote.billing_address),
            "shipping_address": _address_text(remote.shipping_address),
            "fulfilment": "pickup" if self._is_pickup(remote) else "delivery",
            "is_pickup_chosen": self._is_pickup_chosen(remote),
            "note": remote.note,
            "tags": remote.tags,
            "financial_status": remote.financial_status,
            "payment_method": remote.gateway,
            "octopus_updated_at": _naive(remote.updated_at),
            **self._prepare_amounts(remote, currency),
        }

    def _is_pickup(self, remote):
        """Tell whether the customer comes for the goods: no address to bring them to, or a way of
        delivery that says so."""
        address = remote.shipping_address
        if self and "shipping_address" not in remote.raw:
            address = self.shipping_address
        return bool(self._is_pickup_chosen(remote) or not address)

    def _is_pickup_chosen(self, remote):
        """Tell whether the way of delivery is a pickup, whatever address the order has too."""
        if self and "shipping_lines" not in remote.raw:
            return self.is_pickup_chosen
        return _says_pickup(remote.shipping_lines)

    # === WHERE AND IN WHICH MONEY === #

    @api.model
    def _company_currency(self, account, remote):
        """Return the company's currency, and a notice when Octopus names one that is not known
        here."""
        currency = account.company_id.currency_id
        if not remote.currency:
            return currency, False
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
        when it names none that we know), the warehouse that fills its orders, the currency if it
        is known here, and which of its products are bound to Octopus, as {(kind, key): id}.

        One query: this is the hot path.
        """
        lines = self.env["octopus.order.line"]
        lines._flush_matched_by()
        self.flush_model(["account_id", "aggregator_order_no"])
        self.env["octopus.location"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT 'order', NULL::text, id, NULL::integer FROM octopus_order
                    WHERE account_id = %(account)s AND aggregator_order_no = %(ref)s
                    UNION ALL
                   SELECT 'named', NULL, id, warehouse_id FROM octopus_location
                    WHERE account_id = %(account)s AND octopus_ref = %(location)s AND active
                    UNION ALL
                   SELECT 'default', NULL, id, warehouse_id FROM octopus_location
                    WHERE account_id = %(account)s AND is_default AND active
                    UNION ALL
                   SELECT 'currency', NULL, id, decimal_places FROM res_currency
                    WHERE name = %(currency)s
                    UNION ALL
                   SELECT kind, key, product_id, NULL FROM (%(bindings)s) AS binding""",
                account=account.id,
                ref=remote.ref,
                location=remote.location_ref,
                currency=remote.currency,
                bindings=lines._bindings_query(account, remote.lines),
            )
        )
        found = {kind: (id_, detail) for kind, key, id_, detail in rows if key is None}
        bound = {}
        for kind, key, product_id, _detail in rows:
            if key is not None:
                bound.setdefault((kind, key), product_id)
        nothing = ((), None)
        default = found.get("default", nothing)
        location_id, warehouse_id = found.get("named", default)
        warehouses = self.env["stock.warehouse"]
        warehouse = warehouses.browse(warehouse_id or default[1] or ())
        if not warehouse:
            warehouse = warehouses.search([("company_id", "=", account.company_id.id)], limit=1)
        currency_id, digits = found.get("currency", nothing)
        currency = self.env["res.currency"].browse(currency_id)
        if currency:
            currency._update_cache({"decimal_places": digits}, validate=False)
        return (
            self.browse(found.get("order", nothing)[0]),
            self.env["octopus.location"].browse(location_id),
            warehouse,
            currency,
            bound,
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


def _says_pickup(shipping_lines):
    titles = " ".join(
        str(line.get(key) or "") for line in shipping_lines for key in ("title", "code")
    ).lower()
    return any(word in titles for word in PICKUP_WORDS)
