from odoo import models

# Who sees online orders.
USER = "linga_octopus.group_octopus_user"


class IrHttp(models.AbstractModel):
    """What the web client knows from the start."""

    _inherit = "ir.http"

    def session_info(self):
        """Override: add the currencies that are switched off. Channels state orders in them, and
        without them the web client shows their amounts without a symbol, as if they were the
        company's."""
        info = super().session_info()
        if "currencies" in info and self.env.user.has_group(USER):
            currencies = self.env["res.currency"].sudo()
            fields = ["name", "symbol", "position", "decimal_places"]
            info["currencies"] = {
                **{
                    currency.id: {
                        "name": currency.name,
                        "symbol": currency.symbol,
                        "position": currency.position,
                        "digits": [69, currency.decimal_places],
                    }
                    for currency in currencies.search_fetch([("active", "=", False)], fields)
                },
                **info["currencies"],
            }
        return info
