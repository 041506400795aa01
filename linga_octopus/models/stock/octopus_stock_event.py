from itertools import product

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ...orm import UnconstrainedMany2one

NOTED = "linga_octopus.stock_changes"  # key of what a transaction has noted so far
TAKE_LIMIT = 5_000  # changes that the worker takes at a time
STOCK_PASSES = ("stock", "stock_check")
TAKEN = "octopus_stock_event_taken"  # sequence: up to which id the worker has taken changes
WORKER = "linga_octopus.ir_cron_octopus_stock_push"


class NotedChanges:
    """What a transaction has changed the stock of."""

    def __init__(self):
        self.places = set()  # (product, location) ids
        self.quant_ids = set()  # the quants whose product and location are among them


def noted_changes(env):
    """Return the NotedChanges of this transaction.

    Whoever changes stock adds to it, a dozen times for a sale of three lines; all of it is
    recorded when the transaction ends.
    """
    precommit = env.cr.precommit
    noted = precommit.data.get(NOTED)
    if noted is None:
        noted = precommit.data[NOTED] = NotedChanges()
        precommit.add(env["octopus.stock.event"].sudo()._record_noted)
    return noted


class OctopusStockEvent(models.Model):
    """The number to send for this product may have changed in this warehouse.

    Append-only, so that concurrent sales of one product never wait for each other or fail: who
    changes stock only inserts here, and the worker alone takes rows away. It is also the only
    one to write stock levels; everybody else who wants a level sent again leaves a row here.
    """

    _name = "octopus.stock.event"
    _description = "Octopus Stock Change"
    _log_access = False
    _order = "id"

    product_id = UnconstrainedMany2one("product.product", required=True)
    warehouse_id = UnconstrainedMany2one("stock.warehouse", required=True)
    company_id = fields.Many2one(related="warehouse_id.company_id")
    # Octopus may have changed its number by itself: ours is sent even if it is unchanged.
    resend = fields.Boolean(export_string_translation=False)

    def init(self):
        self.env.cr.execute(
            SQL("CREATE SEQUENCE IF NOT EXISTS %s MINVALUE 0", SQL.identifier(TAKEN))
        )

    # === NOTING CHANGES === #

    @api.model
    def _record_noted(self):
        self._record_at(self.env.cr.precommit.data.pop(NOTED).places)

    @api.model
    def _record_at(self, changes):
        """Record changes, (product, location) ids, where Octopus wants to know of them."""
        mapped = self.env["octopus.location"]._mapped_warehouse_ids()
        if not mapped:
            return
        warehouse_of = self.env["stock.location"]._octopus_warehouse_id
        places = {location_id for _product_id, location_id in changes}
        warehouses = {location_id: warehouse_of(location_id) for location_id in places}
        self._record(
            {
                (product_id, warehouses[location_id])
                for product_id, location_id in changes
                if warehouses[location_id] in mapped
            }
        )

    @api.model
    def _record_products(self, products):
        """Record that the numbers of these products may have changed everywhere."""
        self._record(product(products._ids, self.env["octopus.location"]._mapped_warehouse_ids()))

    @api.model
    def _record_changed_there(self, products):
        """Record that Octopus may have changed its numbers of these products by itself."""
        mapped = self.env["octopus.location"]._mapped_warehouse_ids()
        self._record(product(products._ids, mapped), resend=True)

    @api.model
    def _record_locations(self, locations):
        """Record that all numbers of these Octopus locations may have changed."""
        mapped = self.env["octopus.location"]._mapped_warehouse_ids()
        variants = self.env["octopus.variant"]
        for location in locations:
            if location.warehouse_id.id in mapped:
                bound = variants.search([("account_id", "=", location.account_id.id)])
                self._record(product(bound.product_id._ids, location.warehouse_id._ids))

    @api.model
    def _record(self, changes, *, resend=False):
        """Append (product, warehouse) ids, and wake the worker.

        Waking costs more than recording, so it is left out while an older change waits: the
        worker is about to take that one, and looks again afterwards. What this transaction sees
        waiting may have been taken since it began; TAKEN, a sequence, tells as of now.
        """
        changes = [(*change, resend) for change in changes]
        if not changes:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO octopus_stock_event (product_id, warehouse_id, resend) VALUES %s
                RETURNING (SELECT id FROM octopus_stock_event ORDER BY id DESC LIMIT 1),
                          pg_sequence_last_value(%s)""",
                SQL(", ").join(changes),
                TAKEN,
            )
        )
        waiting, taken = self.env.cr.fetchone()
        if not waiting or waiting <= (taken or 0):
            self._trigger_worker()

    @api.model
    def _trigger_worker(self, moment=None):
        self.env.ref(WORKER)._trigger(moment)

    # === THE WORKER === #

    @api.model
    def _cron_push(self):
        """Send what changed, then a batch of the stock passes, until nothing is left to do now.

        `ir.cron` runs one of us at a time on all servers of the database: nobody else writes
        stock levels, so that nothing here waits for a lock or is overtaken.
        """
        levels = self.env["octopus.stock.level"]
        passes = self.env["octopus.sync.run"]
        clients = {}
        self._record_silent()
        try:
            while True:
                worked = self._take_step() + levels._push_pending(clients)
                run = passes._runnable(STOCK_PASSES)[:1]
                if run:
                    run._work_batch(clients)
                    worked += 1
                remaining = len(passes._runnable(STOCK_PASSES)) + len(levels._accounts_ready())
                seconds = self.env["ir.cron"]._commit_progress(worked, remaining=remaining)
                if not worked or not seconds:
                    break
        finally:
            for client in clients.values():
                client.close()

    @api.model
    def _take_step(self):
        """Turn recorded changes into levels to send; return how many there were."""
        try:
            taken = self._take()
            self.env["ir.cron"]._commit_progress()
        except SerializationFailure:
            # A product or a location was deleted meanwhile; the next round sees it.
            self.env.cr.rollback()
            return 1
        return taken

    @api.model
    def _take(self):
        changes = self.env.execute_query(
            SQL(
                """DELETE FROM octopus_stock_event
                    WHERE id IN (SELECT id FROM octopus_stock_event
                                  ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
                RETURNING id, product_id, warehouse_id, resend""",
                TAKE_LIMIT,
            )
        )
        if changes:
            levels = self.env["octopus.stock.level"]
            last = max(change_id for change_id, *_touched in changes)
            self.env.cr.execute("SELECT setval(%s, %s)", [TAKEN, last])
            touched = {tuple(places) for _id, *places, _resend in changes}
            touched |= self._kits_of(touched)
            levels._mark(touched)
            levels._doubt({tuple(places) for _id, *places, resend in changes if resend})
        return len(changes)
