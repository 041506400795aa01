from odoo import fields, models


class OctopusAccountFigures(models.AbstractModel):
    """The figures of a store, none stored: `monitoring/octopus_account.py` computes them."""

    _name = "octopus.account.figures"
    _description = "Figures of an Octopus Store"

    # Stock
    stock_pending_count = fields.Integer(
        "Stock Updates Waiting", compute="_compute_stock_counts", compute_sudo=True
    )
    stock_error_count = fields.Integer(
        "Levels With Issues",
        compute="_compute_stock_counts",
        compute_sudo=True,
        help="Stock levels that Octopus refused; the list says why of each.",
    )
    stock_waiting_count = fields.Integer(
        "Products Waiting for Sync Products",
        compute="_compute_stock_waiting_count",
        compute_sudo=True,
        help="Products with stock to send that are not in Octopus yet.",
    )
    stock_published_at = fields.Datetime(
        "Last Stock Update",
        compute="_compute_stock_counts",
        compute_sudo=True,
        help="The last quantity that Octopus accepted, whether a user or Odoo sent it.",
    )

    # Sync runs
    # The latest run of each kind and its open issues, for the Actions tab.
    sync_status = fields.Json(compute="_compute_sync_status", export_string_translation=False)
    open_issue_count = fields.Integer("Open Issues", compute="_compute_sync_status")
    failed_run_count = fields.Integer(
        "Failed Sync Runs",
        compute="_compute_overview_failures",
        help="Kinds whose last run failed.",
    )

    # The name of the step of the setup that comes next; empty when nothing is missing.
    setup_step = fields.Char(compute="_compute_checklist", export_string_translation=False)
    # "2 of 11 steps done"; empty when no required step is missing.
    setup_left = fields.Char(
        "Setup", compute="_compute_checklist", help="How many steps of the setup are done."
    )
