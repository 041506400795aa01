"""The invoice of one online order, and the credit notes of its refunds."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError

from ...lib.ledger import SALE, NotBookable
from ..order.customers import create_contact
from .entry import Choices, NotMapped
from .invoiced import credit_ref, invoice_total, open_credits
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
        invoice = self._move("out_invoice", due[SALE], day or shop_day(self.account))
        order.invoice_id = invoice
        invoice.action_post()
        self._pay(invoice, due[SALE])
        # What the order has booked in its day is taken back by a line of the ledger.
        self.ledger._write(order)
        return invoice

    def credit_refunds(self):
        """Return the posted credit notes of the refunds that have none yet."""
        order = self.order
        if not order.invoice_id:
            raise UserError(self.env._("This order has no invoice: its refunds are booked by day."))
        invoice, notes = order.invoice_id, self.env["account.move"]
        due = self._due(is_invoiced=True)
        for key in open_credits(order, due):
            ref = credit_ref(order, key)
            note = self._move("out_refund", due[key], shop_day(self.account), ref)
            note.reversed_entry_id = invoice
            note.action_post()
            self._pay(note, due[key])
            notes |= note
        if not notes:
            raise UserError(self.env._("All refunds of this order are credited."))
        self.ledger._write(order)
        return notes

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

    def _move(self, move_type, posting, day, ref=None):
        """Return the draft of an invoice whose total is that of the posting."""
        sign = 1 if move_type == "out_invoice" else -1
        partner = self._partner()
        position = self._fiscal_position(partner)
        lines = self._lines(posting, sign, position)
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "fiscal_position_id": position.id,
                "journal_id": self.map.journal_id.id,
                "currency_id": self.order.currency_id.id,
                "invoice_date": day,
                "ref": ref or self.order.display_name,
                "invoice_line_ids": [Command.create(line) for line in lines],
            }
        )
        gap = sign * float(invoice_total(posting)) - move.amount_total
        if not move.currency_id.is_zero(gap):
            rounding = {
                "name": self.env._("Rounding"),
                "account_id": self.map.rounding_account_id.id,
                "price_unit": gap,
                "tax_ids": [Command.clear()],
            }
            move.invoice_line_ids = [Command.create(rounding)]
        return move

    def _lines(self, posting, sign, position):
        choices, lines = Choices(self.map), []
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
            items.append({"account_id": self.map.gift_card_account_id.id, "amount_currency": -used})
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
                "line_ids": [Command.create(item) for item in items],
            }
        )
        payment.action_post()
        (receivable + payment.line_ids[:1]).reconcile()

    def _clearing_account(self):
        gateways = self.map.gateway_ids.filtered(
            lambda gateway: gateway.account_id and gateway.gateway == self.order.payment_method
        )
        return (gateways.account_id or self.map.clearing_account_id).id
