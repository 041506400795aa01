"""Why this number: everything that a level's number is made of, as of now."""

from odoo import api, fields, models
from odoo.tools import groupby


class OctopusStockLevel(models.Model):
    _inherit = "octopus.stock.level"

    basis = fields.Selection(related="account_id.stock_basis")
    on_hand = fields.Float(compute="_compute_figures", digits="Product Unit", compute_sudo=True)
    reserved = fields.Float(compute="_compute_figures", digits="Product Unit", compute_sudo=True)
    expired = fields.Float(
        compute="_compute_figures",
        digits="Product Unit",
        compute_sudo=True,
        help="Goods of lots past their removal date that are not reserved: only On Hand counts "
        "them.",
    )
    available = fields.Float(
        "Counted",
        compute="_compute_figures",
        digits="Product Unit",
        compute_sudo=True,
        help="Free to use, on hand or forecast, as the store's settings say.",
    )
    buffer = fields.Float(
        "Safety Stock", compute="_compute_figures", digits="Product Unit", compute_sudo=True
    )
    cap = fields.Integer("Show at Most", compute="_compute_figures", compute_sudo=True)
    number = fields.Integer(
        "Number for Octopus",
        compute="_compute_figures",
        compute_sudo=True,
        help="What Octopus is told: whole units, never below zero.",
    )
    is_sold = fields.Boolean(
        compute="_compute_figures",
        compute_sudo=True,
        help="A product that is archived or not sold at the till is shown as sold out.",
    )
    waiting_count = fields.Integer(
        "Waiting Changes", compute="_compute_waiting_count", compute_sudo=True
    )
    answer = fields.Text("Last Answer", compute="_compute_answer")

    def _compute_figures(self):
        for location, levels in groupby(self, lambda level: level.location_id):
            levels = self.browse().concat(*levels)
            figures = location.warehouse_id and location._stock_figures(levels.product_id.ids) or {}
            for level in levels:
                found = figures.get(level.product_id.id)
                level.on_hand = found.on_hand if found else 0
                level.reserved = found.reserved if found else 0
                level.expired = found.expired if found else 0
                level.available = found.available if found else 0
                level.buffer = found.buffer if found else 0
                level.cap = found.cap if found else 0
                level.number = found.number if found else 0
                level.is_sold = bool(found and found.sold)

    def _compute_waiting_count(self):
        counts = {
            (product.id, warehouse.id): count
            for product, warehouse, count in self.env["octopus.stock.event"]._read_group(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("warehouse_id", "in", self.warehouse_id.ids),
                ],
                ["product_id", "warehouse_id"],
                ["__count"],
            )
        }
        for level in self:
            recorded = counts.get((level.product_id.id, level.warehouse_id.id), 0)
            level.waiting_count = recorded + len(level.pending_ids)

    @api.depends("error", "pushed_at", "run_id")
    def _compute_answer(self):
        for level in self:
            if level.error:
                level.answer = self.env._("Refused: %(reason)s", reason=level.error)
            elif not level.pushed_at:
                level.answer = self.env._("Nothing was sent yet.")
            elif level.run_id:
                level.answer = self.env._("Accepted, sent by Sync Stocks.")
            else:
                level.answer = self.env._("Accepted, sent automatically.")

    def _waiting(self):
        """Return those of these levels that have a change to be sent."""
        return self.filtered("waiting_count")
