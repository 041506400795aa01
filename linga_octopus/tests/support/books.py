"""What the tests of accounting share: a channel that books, and the sums of its entries."""

from collections import defaultdict

from odoo.fields import Command

from .orders import OrdersMixin

# The lines of orders whose taxes are rounded globally: SKU, pieces, price of one, tax.
MANY_DECIMALS = [
    [("CHAIR", 1, "7.02", "1.47"), ("CHAIR", 1, "2.75", "0.58"), ("TABLE", 7, "16.9568", "24.93")],
    [("CHAIR", 3, "14.86", "9.36"), ("CHAIR", 1, "4.81", "1.01"), ("TABLE", 6, "5.986", "7.54")],
    [("CHAIR", 2, "4.29", "1.80"), ("TABLE", 1, "5.69", "1.19")],
]


class BooksMixin(OrdersMixin):
    """A channel SHOPIFY, confirmed by an accountant, with accounts and taxes of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.env["octopus.booking.day"]
        cls.company = cls.account.company_id
        cls.vat = cls.make_tax(21)

    @classmethod
    def make_tax(cls, amount, **values):
        """Return a sales tax with an account and tags of its own, for sales and refunds."""
        account = cls.make_account(f"VAT {amount}", "liability_current")
        tags = {
            name: cls.env["account.account.tag"].create(
                {
                    "name": f"{name} {amount}",
                    "applicability": "taxes",
                    "country_id": cls.company.account_fiscal_country_id.id,
                }
            )
            for name in ("base", "tax", "refund base", "refund tax")
        }

        def repartition(base, tax):
            return [
                Command.create(
                    {
                        "document_type": "invoice" if base == "base" else "refund",
                        "repartition_type": "base",
                        "tag_ids": [Command.set(tags[base].ids)],
                    }
                ),
                Command.create(
                    {
                        "document_type": "invoice" if base == "base" else "refund",
                        "repartition_type": "tax",
                        "account_id": account.id,
                        "tag_ids": [Command.set(tags[tax].ids)],
                    }
                ),
            ]

        return cls.env["account.tax"].create(
            {
                "name": f"VAT {amount}%",
                "amount": amount,
                "type_tax_use": "sale",
                "invoice_repartition_line_ids": repartition("base", "tax"),
                "refund_repartition_line_ids": repartition("refund base", "refund tax"),
                **values,
            }
        )

    @classmethod
    def make_account(cls, name, kind, **values):
        accounts = cls.env["account.account"]
        return accounts.create(
            {
                "name": name,
                "account_type": kind,
                "code": accounts._search_new_account_code("977000"),
                **values,
            }
        )

    def ingest(self, payload, **options):
        """Override: the transaction of a test has one time, and each change has its own."""
        order = super().ingest(payload, **options)
        self.touch(order)
        return order

    def touch(self, orders):
        """Give changed orders the time that a transaction of their own would have."""
        self.env.flush_all()
        query = "UPDATE octopus_order SET write_date = clock_timestamp() WHERE id IN %s"
        self.env.cr.execute(query, [orders._ids])
        orders.invalidate_recordset()

    def taxed(self, lines, rate="0.21", *, title="VAT", included=False, **fields):
        """Return the payload of an order whose lines carry a tax.

        :param lines: (SKU, quantity, price, tax) of each; texts are exact
        """
        items = [
            {
                "id": number,
                "sku": sku,
                "title": sku.title(),
                "quantity": quantity,
                "price": price,
                "tax_lines": [{"title": title, "rate": float(rate), "price": tax}] if tax else [],
            }
            for number, (sku, quantity, price, tax) in enumerate(lines, 1)
        ]
        taxes = sum(float(tax or 0) for *_rest, tax in lines)
        goods = sum(quantity * float(price) for _sku, quantity, price, _tax in lines)
        values = {
            "line_items": items,
            "taxes_included": included,
            "total_tax": f"{taxes:.4f}",
            "total_price": f"{goods + (0 if included else taxes):.4f}",
            **fields,
        }
        return self.payload({}, **values)

    def with_refund(self, payload, net, tax="0", *, line=0, quantity=1, amount=None, **fields):
        """Return the payload with a refund of one of its lines; amounts are exact texts.

        :param line: its place in the order
        :param amount: what the customer gets back; without it, the net amount and the tax
        :param fields: others of the refund, and the `financial_status` of the order
        """
        status = fields.pop("financial_status", "partially_refunded")
        item = {
            "line_item_id": payload["line_items"][line]["id"],
            "quantity": quantity,
            "subtotal": net,
            "total_tax": tax,
        }
        amount = amount or f"{float(net) + float(tax):.2f}"
        refund = {
            "id": 5,
            "processed_at": "2026-11-21T12:00:00-05:00",
            "refund_line_items": [item],
            "transactions": [{"kind": "refund", "status": "success", "amount": amount}],
            **fields,
        }
        return self.changed(payload, refunds=[refund], financial_status=status)

    def set_up(self, order, *, taxes=True, **values):
        """Return the confirmed accounting of the channel of an order."""
        booking_map = self.env["octopus.booking.map"].create(
            {"channel_id": order.channel_id.id, "start_day": "2026-11-01"}
        )
        accounts = {
            "clearing_account_id": ("Clearing", "asset_current", {"reconcile": True}),
            "income_account_id": ("Online Income", "income", {}),
            "shipping_account_id": ("Shipping", "income", {}),
            "rounding_account_id": ("Rounding", "expense", {}),
            "gift_card_account_id": ("Gift Cards", "liability_current", {"reconcile": True}),
            "tip_account_id": ("Tips", "liability_current", {}),
            "difference_account_id": ("Fees", "income_other", {}),
        }
        booking_map.write(
            {name: self.make_account(*spec[:2], **spec[2]).id for name, spec in accounts.items()}
            | values
        )
        if taxes:
            booking_map.tax_map_ids.tax_id = self.vat
        booking_map.action_confirm()
        return booking_map

    def book(self):
        """Let the worker book all that is due."""
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.booking.day"]._cron_book()
        self.env.invalidate_all()
        # Another transaction has given numbers to entries.
        self.env["account.move"]._get_sequence_cache().clear()

    def moves(self, *orders):
        """Return the entries of these orders, or all, the oldest first."""
        domain = [("octopus_day_id.account_id", "=", self.account.id)]
        moves = self.env["account.move"].search(domain).sorted("id")
        for order in orders:
            moves &= order.ledger_line_ids.move_id
        return moves

    def sums(self, moves):
        """Return the balances of entries by the name of the account, without zeros."""
        sums = defaultdict(float)
        for item in moves.line_ids:
            sums[item.account_id.name] += item.balance
        digits = self.company.currency_id
        return {
            name: digits.round(value) for name, value in sums.items() if not digits.is_zero(value)
        }

    def by_tag(self, moves, sign=lambda _tag: -1):
        """Return the figures of the tax report: balances by tag, positive in credit.

        :param sign: takes a tag, returns the factor with which its balances are summed
        """
        sums = defaultdict(float)
        for item in moves.line_ids:
            for tag in item.tax_tag_ids:
                sums[tag.name] += sign(tag) * item.balance
        digits = self.company.currency_id
        return {name: digits.round(value) for name, value in sums.items()}

    def assert_balanced(self):
        for move in self.moves():
            self.assertEqual(move.state, "posted")
            self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0, 2)
