"""The invoice of one online order, and the credit notes of its refunds."""

from collections import defaultdict

from odoo import Command
from odoo.exceptions import UserError, ValidationError

from ...lib.ledger import SALE, NotBookable
from ..order.customers import create_contact
from .entry import Choices, NotMapped
from .invoiced import digest_of, invoice_issue, invoice_total, open_credits
from .ledger import Ledger
from .reasons import reason
from .shop_days import shop_day

TAXABLE = ("goods", "discount", "shipping")


class OrderInvoice:
    """Makes the invoice of an order to the cent, and takes its share of the day back.

    :param order: sudoed record of `octopus.order`
    """

    def __init__(self, order):
        self.order = order.with_company(order.company_id)
        self.env = self.order.env
        self.map = self.env["octopus.booking.map"].search(
            [("channel_id", "=", order.channel_id.id), ("state", "=", "confirmed")]
        )
        self.account = self.order.account_id
        self.ledger = Ledger(self.account, self.map)

    def invoice(self, day=None):
        """Return the posted invoice, paid by the clearing account.

        :param date day: of the invoice; without one, today in the shop
        :raise UserError: it cannot be made; the message says why
        """
        order, env = self.order, self.env
        if order.invoice_id:
            raise UserError(env._("This order has an invoice already."))
        due = self._due()
        if SALE not in due:
            raise UserError(env._("This order cannot be invoiced: it is not paid, or cancelled."))
        day = day or shop_day(self.account)
        invoice = self._move("out_invoice", SALE, due[SALE], day, order.display_name)
        order.write({"invoice_id": invoice.id, "invoice_accepted": False})
        invoice.action_post()
        self._pay(invoice, due[SALE])
        # What the order has booked in its day is taken back by a line of the ledger.
        self.ledger._write(order)
        return invoice

    def credit_refunds(self):
        """Return the posted credit notes of the refunds that have none yet; those that somebody
        made by hand are paid."""
        order = self.order
        if not order.invoice_id:
            raise UserError(self.env._("This order has no invoice: its refunds are booked by day."))
        due = self._due(is_invoiced=True)
        issue = invoice_issue(order, due)
        if issue and issue[0] in ("invoice_draft", "credit_draft"):
            raise UserError(reason(self.env, issue))
        notes = self.env["account.move"]
        for key, by_hand in open_credits(order, due).items():
            note = by_hand or self._credit_note(key, due[key])
            note.write({"octopus_order_id": order.id, "octopus_key": key})
            self._pay(note, due[key])
            notes |= note
        if not notes:
            raise UserError(self.env._("All refunds of this order are credited."))
        self.ledger._write(order)
        return notes

    def _credit_note(self, key, posting):
        ref = f"{self.order.display_name} {key.partition(':')[2] or key}".strip()
        note = self._move("out_refund", key, posting, shop_day(self.account), ref)
        note.reversed_entry_id = self.order.invoice_id
        note.action_post()
        return note

    def accept(self):
        """Note that a person finds the documents of the order right."""
        due = self._due(is_invoiced=True)
        accepted = {key: digest_of(due.get(key)) for key in {SALE, *due}}
        self.order.invoice_accepted = accepted
        self.order.flush_recordset()  # the ledger writes past the cache
        self.ledger._write(self.order)

    # === WHAT IS INVOICED === #

    def _due(self, *, is_invoiced=False):
        if not self.map:
            raise UserError(reason(self.env, ["not_confirmed", {}]))
        currency, reader = self.order.currency_id, self.ledger.reader
        if not currency.active:
            raise UserError(reason(self.env, ["inactive_currency", {"currency": currency.name}]))
        money = reader.read_payloads(self.order).get(self.order.id)
        try:
            if is_invoiced:
                return reader.due_without_invoice(self.order, money)
            return reader.due(self.order, money)
        except NotBookable as error:
            raise UserError(reason(self.env, [str(error), {}])) from error

    # === THE CUSTOMER === #

    def _partner(self):
        """Return the customer, made from the order when it has no contact."""
        order = self.order
        if not order.partner_id:
            order.partner_id = create_contact(order)
        partner = order.partner_id or self.map.nameless_partner_id
        if not partner:
            raise UserError(self.env._("The order names no customer: there is nobody to invoice."))
        self._note_business(order.partner_id)
        return partner

    def _note_business(self, partner):
        """Give the customer the VAT number of the order, unless there is one already."""
        number, company = self.ledger._buyer(self.order.id)
        number, company = number or self.order.vat_number, company or self.order.buyer_company
        if not (partner and number) or partner.commercial_partner_id.vat:
            return
        try:
            with self.env.cr.savepoint():
                partner.write({"vat": number, "company_name": partner.company_name or company})
        except ValidationError:
            self.env.invalidate_all(flush=False)
            self.order.message_post(
                body=self.env._(
                    "The order states the VAT number %(number)s, which Odoo does not accept. "
                    "Correct it on the customer.",
                    number=number,
                )
            )

    def _fiscal_position(self, partner):
        """Return that of the channel, else the one that Odoo chooses for the customer."""
        positions = self.env["account.fiscal.position"]
        return self.map.fiscal_position_id or positions._get_fiscal_position(partner)

    def _move(self, move_type, key, posting, day, ref):
        """Return the draft of an invoice whose total and taxes are those of the posting."""
        sign = 1 if move_type == "out_invoice" else -1
        partner = self._partner()
        position = self._fiscal_position(partner)
        choices = Choices(self.map)
        lines = self._lines(choices, posting, sign, position)
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "fiscal_position_id": position.id,
                "journal_id": self.map.journal_id.id,
                "currency_id": self.order.currency_id.id,
                "invoice_date": day,
                "ref": ref,
                "octopus_order_id": self.order.id,
                "octopus_key": key,
                "invoice_line_ids": [Command.create(line) for line in lines],
            }
        )
        self._make_exact(move, self._taxes(choices, posting, sign), sign * invoice_total(posting))
        return move

    def _make_exact(self, move, taxes, total):
        """Give a draft the taxes and the total of the channel.

        :param taxes: amounts by the id of the tax in Odoo
        :raise UserError: Odoo makes more of it than a rounding
        """
        currency, total = move.currency_id, float(total)
        gap = total - sum(taxes.values()) - move.amount_untaxed
        slack = len(move.invoice_line_ids) * currency.rounding
        if not currency.is_zero(gap) and currency.compare_amounts(abs(gap), slack) <= 0:
            rounding = {
                "name": self.env._("Rounding"),
                "octopus_kind": "rounding",
                "account_id": self.map.rounding_account_id.id,
                "price_unit": gap,
                "tax_ids": [Command.clear()],
            }
            move.invoice_line_ids = [Command.create(rounding)]
        self._set_taxes(move, taxes)
        if currency.compare_amounts(move.amount_total, total):
            raise UserError(
                self.env._(
                    "The taxes in Odoo make %(made)s of the invoice, and not %(wanted)s. Look at "
                    "the taxes that are chosen in Configuration, Accounting.",
                    made=currency.format(move.amount_total),
                    wanted=currency.format(total),
                )
            )

    def _taxes(self, choices, posting, sign):
        """Return the amounts that the channel states, by the id of the tax in Odoo."""
        amounts = defaultdict(float)
        for part, amount in posting.parts.items():
            if part.kind == "tax":
                amounts[choices.tax(part.key, part.rate)] += sign * float(amount)
        return amounts

    def _set_taxes(self, move, taxes):
        """Give a draft the taxes of the channel, which may round in another way, or have another
        rate than the tax in Odoo."""
        currency, own = move.currency_id, move.company_currency_id
        direction = -1 if move.move_type == "out_invoice" else 1
        commands = []
        for tax_id, amount in taxes.items():
            items = move.line_ids.filtered_domain([("tax_line_id", "=", tax_id)])
            wanted = currency.round(direction * amount)
            if len(items) != 1 or not currency.compare_amounts(items.amount_currency, wanted):
                continue
            balance = own.round(wanted / items.currency_rate)
            values = {"amount_currency": wanted, "balance": balance}
            commands.append(Command.update(items.id, values))
        if commands:
            move.line_ids = commands

    def _lines(self, choices, posting, sign, position):
        lines = []
        exempt = self._exempt_taxes(position)
        for part, amount in posting.parts.items():
            if part.kind in ("tax", "gift_card_used"):
                continue
            try:
                account = choices.account(part)
                tax_ids = {choices.tax(title, rate) for title, rate in part.taxes} - {None}
            except NotMapped as error:
                raise UserError(reason(self.env, error.args[0])) from error
            taxes = self.env["account.tax"].browse(sorted(tax_ids))
            if not part.taxes and part.kind in TAXABLE:
                taxes = exempt
            product = self.env["product.product"]
            if part.kind in ("goods", "discount") and part.key:
                product = product.browse(int(part.key)).exists()
            labels = dict(self.env["octopus.sales.report"]._fields["kind"].selection)
            name = product.display_name if part.kind == "goods" and product else labels[part.kind]
            lines.append(
                {
                    "name": name,
                    "octopus_kind": part.kind,
                    "product_id": product.id if part.kind == "goods" else False,
                    "account_id": account,
                    "quantity": 1,
                    "price_unit": self._price(taxes, sign * float(amount)),
                    "tax_ids": [Command.set(taxes.ids)],
                }
            )
        return lines

    def _exempt_taxes(self, position):
        """Return the taxes of 0 % that a fiscal position has for what the channel did not tax, such
        as sales to a business in another country of the European Union."""
        default = self.map.company_id.account_sale_tax_id
        mapped = position.map_tax(default) if position else default.browse()
        return mapped.filtered(lambda tax: tax.amount_type == "percent" and not tax.amount)

    def _price(self, taxes, net):
        """Return the price of a net amount, with the taxes that prices include."""
        details = taxes._get_tax_details(net, 1.0, special_mode="total_excluded")
        included = [tax for tax in details["taxes_data"] if tax["price_include"]]
        return net + sum(tax["tax_amount"] for tax in included)

    # === PAYMENT === #

    def _pay(self, invoice, posting):
        """Pay an invoice from the clearing account, and from gift cards."""
        receivable = invoice.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        used = float(posting.total - invoice_total(posting))
        clearing = self._clearing_account()
        items = [
            {
                "account_id": receivable.account_id.id,
                "amount_currency": -float(posting.total) + used,
            },
            {"account_id": clearing, "amount_currency": float(posting.total)},
        ]
        if used:
            card = {"account_id": self.map.gift_card_account_id.id, "amount_currency": -used}
            items.append({**card, "octopus_kind": "gift_card_used"})
        rate = self.order.currency_rate or 1
        own = invoice.company_currency_id
        for item in items:
            item["currency_id"] = invoice.currency_id.id
            item["partner_id"] = invoice.partner_id.id
            item["balance"] = own.round(item["amount_currency"] / rate)
        items[0]["balance"] = -sum(item["balance"] for item in items[1:])
        payment = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.map.journal_id.id,
                "date": invoice.date,
                "ref": invoice.ref,
                "octopus_order_id": self.order.id,
                "octopus_key": invoice.octopus_key,
                "line_ids": [Command.create(item) for item in items],
            }
        )
        payment.action_post()
        self.map._note_used({clearing})
        (receivable + payment.line_ids[:1]).reconcile()

    def _clearing_account(self):
        gateways = self.map.gateway_ids.filtered(
            lambda gateway: gateway.account_id and gateway.gateway == self.order.payment_method
        )
        return (gateways.account_id or self.map.clearing_account_id).id
