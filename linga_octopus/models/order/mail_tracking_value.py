from odoo import models

from .screens import payment_labels

PAYMENT = "financial_status"


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    def _tracking_value_format_model(self, model):
        """Override of `mail`: the history of an order names the payment state as its form does."""
        formatted = super()._tracking_value_format_model(model)
        if model != "octopus.order":
            return formatted
        payments = self.filtered(lambda tracking: tracking.field_id.name == PAYMENT)
        labels = payment_labels(self.env)
        for entry in formatted:
            if entry["id"] in payments.ids:
                for side in ("oldValue", "newValue"):
                    entry[side] = labels.get(entry[side], entry[side])
        return formatted
