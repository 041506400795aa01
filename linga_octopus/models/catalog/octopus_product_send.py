"""Sending products that Octopus has not got, or has differently."""

from odoo import api, models
from odoo.tools import SQL

from ...const import BULK_LIMIT, CALLS_PER_BATCH
from .batch import ProductBatch

# So often a batch is sent again because something was missing in Octopus: enough to find all of it,
# and an end where Octopus calls missing what it has.
MAX_AGAIN = BULK_LIMIT // CALLS_PER_BATCH
ANALYZE_AFTER = (1, 4, 16, 64)  # batches


class OctopusProduct(models.Model):
    _inherit = "octopus.product"

    @api.model
    def _send_some(self, run, client):
        """Compare the next products with what Octopus has, and send those that differ."""
        cursor = run.cursor
        picked = self._next_candidates(
            run.account_id, after=cursor["id"], full=cursor["full"], limit=BULK_LIMIT
        )
        if not picked:
            return False
        batch = ProductBatch(self, run.account_id, dict(picked), run)
        batch.compare()
        batch.shorten(run._batch_size())
        unsure = batch.unsure(looked_at_all=cursor.get("matched"))
        if unsure:
            if len(unsure) > CALLS_PER_BATCH:
                run.cursor = {**cursor, "phase": "match", "since": None}
                return True
            self._look_up(run, client, unsure)
            batch.reload()
            batch.compare()
            batch.shorten(run._batch_size())
        batch.find_gone(client)
        batch.take_over_or_delete_gone(client)
        batch.attempt()
        run._checkpoint()
        lost = batch.send(client)
        again = cursor.get("again", 0)
        if lost and again < MAX_AGAIN:
            run.cursor = {**cursor, "again": again + 1}
        else:
            settled = batch.settled()
            self._report(run, settled, batch.failed)
            last = settled[-1:].id or cursor["id"]
            batches = cursor.get("batches", 0) + 1
            run.cursor = {**cursor, "id": last, "batches": batches, "again": 0}
            if batches in ANALYZE_AFTER:
                self._analyze()
        self.env.flush_all()
        # One batch in memory at a time, however long the pass.
        self.env.invalidate_all()
        return True

    @api.model
    def _analyze(self):
        """Let PostgreSQL know that the tables have grown.

        A first pass fills empty tables in one session: checks of foreign keys that were planned
        for an empty table would read all of it for each row.
        """
        for model in (self, self.env["octopus.variant"]):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(model._table)))

    @api.model
    def _report(self, run, templates, problems):
        """Record in the pass what became of these products.

        :param dict problems: why some were not sent, by product id
        """
        failed = templates.filtered(lambda template: template.id in problems)
        run.done += len(templates)
        run.failed += len(failed)
        for template in failed:
            run._add_issue(template, problems[template.id])
        run._fix_issues(templates - failed)

    def _forget(self):
        """Take back that Octopus has these products."""
        self.variant_ids.unlink()
        for model in ("octopus.collect", "octopus.image"):
            self.env[model].search([("octopus_product_id", "in", self.ids)]).unlink()
        self.write({"octopus_ref": False, "state": "pending", "error": False})
