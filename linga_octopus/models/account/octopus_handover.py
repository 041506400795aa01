from odoo import fields, models


class OctopusHandover(models.AbstractModel):
    """How a store hands over the goods of its orders: the settings, and what Octopus can do."""

    _name = "octopus.handover"
    _description = "Hand-Over of a Store"

    complete_when_shipped = fields.Boolean(
        default=True,
        help="An order is completed when all its pieces are shipped or handed over.",
    )
    complete_when_channel_ships = fields.Boolean(
        "Complete When the Channel Ships",
        help="An order is completed when all its pieces are shipped, as the channel says.",
    )
    notify_customer = fields.Boolean(
        "Channel Notifies the Customer",
        default=True,
        help="The channel sends the tracking number to the customer.",
    )
    late_after_hours = fields.Integer(
        "Late After",
        default=48,
        help="Hours after which an order that is not handed over is late. 0: never. An order with "
        "a pickup time is late after that time.",
    )
    ready_template_id = fields.Many2one(
        "mail.template",
        "E-Mail When Ready for Pickup",
        domain=[("model", "=", "octopus.order")],
        ondelete="set null",
        help="Sent to the customer when an order is ready for pickup. Empty: no e-mail is sent.",
    )
    fulfillment_call = fields.Selection(
        [
            ("offered", "Sent as Shipments"),
            ("missing", "Sent as Tag and Note"),
            ("forbidden", "Not Allowed: Sent as Tag and Note"),
        ],
        "Parcels in Octopus",
        readonly=True,
        copy=False,
        help="Found out with the first parcel after each Save & Test.\n"
        "Sent as Shipments: the channel shows parcels with their tracking numbers.\n"
        "Sent as Tag and Note: this merchant's Octopus has no call for shipments.\n"
        "Not Allowed: ask Octopus to allow shipments for your store, then press Save & Test.",
    )
