from odoo import fields, models


class OctopusAccountOverview(models.AbstractModel):
    """What the overview shows of a store.

    The methods that compute it stand in `monitoring/octopus_account.py`.
    """

    _name = "octopus.account.overview"
    _description = "Overview of an Octopus Store"

    # Screens show the help of a field as a tooltip, so these three have none.
    # The steps of the setup: name, state (done, todo or warning), text and fix of each.
    checklist = fields.Json(compute="_compute_checklist", export_string_translation=False)
    # Orders and revenue by day and channel.
    overview = fields.Json(compute="_compute_overview", export_string_translation=False)
    # Oversold products, the time until orders are closed, the calls left, the next runs.
    overview_facts = fields.Json(compute="_compute_overview_facts", export_string_translation=False)
    orders_to_act_count = fields.Integer("Open Orders", compute="_compute_orders_to_act_count")
    oversold_count = fields.Integer(
        "Oversold Orders",
        compute="_compute_overview",
        help="Open orders that took more of a product than there was.",
    )
    changed_count = fields.Integer(
        "Changed Orders", compute="_compute_overview", help="The channel changed these orders."
    )
    unclear_refund_count = fields.Integer(
        "Refunded Goods Unknown",
        compute="_compute_overview",
        help="Orders with a refund that does not say which goods it is about.",
    )
    alive_count = fields.Integer(
        "Alive Again",
        compute="_compute_overview",
        help="Orders that are cancelled here and no longer in their channel.",
    )
    stuck_count = fields.Integer(
        "Stuck Orders",
        compute="_compute_overview",
        help="Orders with a line that needs a product, or whose stock is blocked.",
    )
    shipped_today_count = fields.Integer(
        "Shipped Today",
        compute="_compute_overview_handover",
        help="Orders of which goods have left today, or were handed over.",
    )
    waiting_for_pickup_count = fields.Integer(
        "Waiting for Pickup",
        compute="_compute_overview_handover",
        help="Orders whose goods are ready, and whose customers are still to come.",
    )
    late_count = fields.Integer(
        "Late Orders",
        compute="_compute_overview_handover",
        help="Open orders that should have left by now.",
    )
    difference_count = fields.Integer(
        "Differences to Decide",
        compute="_compute_overview_facts",
        help="Stock levels in Octopus that differ from those of Odoo and wait for a decision.",
    )
    push_failed_count = fields.Integer(
        "Orders Not Sent to Octopus",
        compute="_compute_overview_failures",
        help="Orders whose status could not be sent to Octopus.",
    )
    order_check_problem_count = fields.Integer(
        "Order Checks With Issues",
        compute="_compute_overview_failures",
        help="Days whose orders differ from those in Octopus, or could not be compared.",
    )
