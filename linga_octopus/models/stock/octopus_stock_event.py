from itertools import product

from odoo import api, fields, models
from odoo.tools import SQL

from ...orm import UnconstrainedMany2one
from .worker import WORKER_CRON

LOGGED = "linga_octopus.stock_changes"  # key of the changes of a transaction


class LoggedChanges:
    """The stock that a transaction has changed."""

    def __init__(self):
        self.places = set()  # (product, location) ids
        self.quant_ids = set()  # the quants whose product and location are among them


def logged_changes(env):
    """Return the LoggedChanges of this transaction, to be added to.

    A sale of three lines adds to it a dozen times. All of it is enqueued in one statement when
    the transaction ends.
    """
    precommit = env.cr.precommit
    logged = precommit.data.get(LOGGED)
    if logged is None:
        logged = precommit.data[LOGGED] = LoggedChanges()
        precommit.add(env["octopus.stock.event"].sudo()._enqueue_logged)
    return logged


class OctopusStockEvent(models.Model):
    """The outbox of stock changes: the number of this product in this warehouse may be another.

    Append-only, so that concurrent sales of one product neither wait for each other nor fail:
    every change inserts a row, and only the stock worker deletes rows. The worker is also the only
    one to write stock levels; all others that want a level sent again insert a row here.
    """

    _name = "octopus.stock.event"
    _description = "Octopus Stock Change"
    _inherit = ["octopus.queue"]
    _log_access = False
    _order = "id"

    _queues = {WORKER_CRON: "TRUE"}

    product_id = UnconstrainedMany2one("product.product", required=True)
    warehouse_id = UnconstrainedMany2one("stock.warehouse", required=True)
    company_id = fields.Many2one(related="warehouse_id.company_id")
    # Octopus may have changed its number: Odoo's number is sent even if it is unchanged.
    resend = fields.Boolean(export_string_translation=False)

    # === BUSINESS METHODS === #

    @api.model
    def _enqueue_products(self, products, *, resend=False):
        """Enqueue products everywhere.

        :param products: `product.product` records
        :param bool resend: Octopus may have changed its numbers of them
        """
        self._enqueue(self._everywhere(products), resend=resend)

    @api.model
    def _enqueue_locations(self, locations):
        """Enqueue all products at these `octopus.location` records."""
        mapped = self.env["octopus.location"]._mapped_warehouse_ids()
        variants = self.env["octopus.variant"]
        for location in locations:
            if location.warehouse_id.id in mapped:
                bound = variants.search([("account_id", "=", location.account_id.id)])
                self._enqueue(product(bound.product_id._ids, location.warehouse_id._ids))

    @api.model
    def _enqueue_at(self, places):
        """Enqueue those (product, stock location) ids that lie in a warehouse of Octopus."""
        self._enqueue(self._mapped_places(places))

    @api.model
    def _enqueue_logged(self):
        """Enqueue the changes of this transaction, at its end or at a savepoint."""
        self._enqueue_at(self.env.cr.precommit.data.pop(LOGGED).places)

    def _everywhere(self, products):
        """Yield (product, warehouse) ids of products in all warehouses of Octopus."""
        yield from product(products._ids, self.env["octopus.location"]._mapped_warehouse_ids())

    def _mapped_places(self, places):
        """Yield the (product, warehouse) ids of places that lie in a warehouse of Octopus."""
        locations = self.env["octopus.location"]
        mapped = locations._mapped_warehouse_ids()
        if not mapped:
            return
        location_ids = {location_id for _product_id, location_id in places}
        warehouses = {
            location_id: locations._warehouse_id_of(location_id) for location_id in location_ids
        }
        yield from {
            (product_id, warehouses[location_id])
            for product_id, location_id in places
            if warehouses[location_id] in mapped
        }

    @api.model
    def _enqueue(self, changes, *, resend=False):
        """Insert (product, warehouse) ids, and have the worker woken."""
        rows = [(*change, resend) for change in changes]
        if not rows:
            return
        inserted = self.env.execute_query(
            SQL(
                """INSERT INTO octopus_stock_event (product_id, warehouse_id, resend) VALUES %s
                RETURNING id""",
                SQL(", ").join(rows),
            )
        )
        self.browse(event_id for (event_id,) in inserted)._wake_worker(WORKER_CRON)
