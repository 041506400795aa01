from odoo import models

PAYMENT = "financial_status"


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    def _tracking_value_format_model(self, model):
        """Override of `mail`: an order's history says the payment in words, as its form does."""
        formatted = super()._tracking_value_format_model(model)
        if model != "octopus.order":
            return formatted
        payments = self.filtered(lambda tracking: tracking.field_id.name == PAYMENT)
        labels = self.env[model]._payment_labels()
        for entry in formatted:
            if entry["id"] in payments.ids:
                for side in ("oldValue", "newValue"):
                    entry[side] = labels.get(entry[side], entry[side])
        return formatted
