"""An online order as the till shows it: values ready to be shown, nothing to look up."""

from odoo import fields, models
from odoo.tools import format_amount


class OctopusOrder(models.Model):
    _inherit = "octopus.order"

    def _prepare_till_row(self):
        """Return the seven columns of the till's list, and what needs attention."""
        self.ensure_one()
        return {
            "id": self.id,
            "third_party_name": self.third_party_name or "",
            "third_party_order_no": self.third_party_order_no or "",
            "aggregator_order_no": self.aggregator_order_no,
            "transaction_time": fields.Datetime.to_string(self.transaction_time),
            "customer_name": self.customer_name or "",
            "check_total": self._till_amount(self.check_total),
            "status": self.status,
            "attention": self._till_attention(),
        }

    def _prepare_till_detail(self):
        """Return what the till's detail pane and its ticket show."""
        self.ensure_one()
        return {
            **self._prepare_till_row(),
            "phone": self.phone or "",
            "address": self._address_below_name(),
            "note": self.note or "",
            "fulfilment": self._till_label("fulfilment"),
            "payment": self.payment_status or "",
            "stock": self._till_label("stock_state"),
            "lines": [line._prepare_till_line() for line in self.line_ids],
            "amounts": self._till_amounts(),
        }

    def _address_below_name(self):
        """Return the delivery address without what is shown above it: the customer and phone."""
        above = {self.customer_name, self.phone}
        lines = (self.shipping_address or "").splitlines()
        return "\n".join(line for line in lines if line not in above)

    def _till_amounts(self):
        """Return label and amount of what the check total is made of, without the zeros."""
        names = ["amount_subtotal", "amount_discount", "amount_shipping", "amount_tip"]
        if not (self.taxes_included or self.is_tax_paid_by_channel):
            names.append("amount_tax")
        names.append("amount_difference")
        return [
            {
                "label": self._fields[name]._description_string(self.env),
                "amount": self._till_amount(self[name]),
            }
            for name in names
            if self[name]
        ]

    def _till_attention(self):
        is_cancelled = self.status == "cancelled"
        if self.needs_mapping and not is_cancelled:
            return self.env._("Unknown product: ask the manager to choose it in the back office.")
        if self.stock_state == "blocked":
            return self.stock_message or self.env._("The stock could not be deducted.")
        if self.is_oversold and not is_cancelled:
            return self.env._("More was sold than there was: check the stock before you pack.")
        return ""

    def _till_label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _till_amount(self, amount):
        return format_amount(self.env, amount, self.currency_id)
