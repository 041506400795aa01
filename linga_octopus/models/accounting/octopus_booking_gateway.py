from odoo import fields, models


class OctopusBookingGateway(models.Model):
    """A way of payment whose money is cleared on an account of its own."""

    _name = "octopus.booking.gateway"
    _description = "Octopus Payment Gateway"
    _order = "map_id, gateway"
    _rec_name = "gateway"
    _check_company_auto = True

    map_id = fields.Many2one(
        "octopus.booking.map", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="map_id.company_id", store=True)
    gateway = fields.Char(
        "Payment Method", required=True, readonly=True, help="As the channel calls it."
    )
    account_id = fields.Many2one(
        "account.account",
        "Clearing Account",
        check_company=True,
        domain="[('reconcile', '=', True)]",
        help="Empty: the clearing account of the channel.",
    )
    order_count = fields.Integer("Orders", readonly=True, help="Seen with it so far.")
    amount = fields.Float(
        "Sum", digits="Product Price", readonly=True, help="The check totals of these orders."
    )

    _gateway_uniq = models.Constraint(
        "UNIQUE(map_id, gateway)", "The channel has this way of payment already."
    )
