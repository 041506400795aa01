from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, groupby

from ...const import BULK_LIMIT
from ...orm import delete_batch

KEEP_DAYS = 60


class OctopusStockDifference(models.Model):
    """A stock level of Octopus that differs from Odoo, as a stock check found it.

    Before the first Sync Stocks the same check is a dry run: it shows what the sync would
    change, and keeps what Octopus has as a snapshot that can be sent back.
    """

    _name = "octopus.stock.difference"
    _description = "Octopus Stock Difference"
    _order = "id desc"
    _rec_name = "product_id"

    run_id = fields.Many2one(
        "octopus.sync.run", "Check", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(related="run_id.account_id", store=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    level_id = fields.Many2one(
        "octopus.stock.level", "Stock Level", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one("product.product", ondelete="cascade")
    location_id = fields.Many2one("octopus.location", "Octopus Location", ondelete="cascade")
    octopus_quantity = fields.Integer("In Octopus")
    is_listed = fields.Boolean("Octopus Has It")
    odoo_quantity = fields.Integer("In Odoo")
    pushed_quantity = fields.Integer("Last Sent")
    pushed_at = fields.Datetime("Sent At")
    drops_to_zero = fields.Boolean(help="Octopus sells it now and would stop.")
    reason = fields.Selection(
        [
            ("waiting", "Still to Be Sent"),
            ("refused", "Refused by Octopus"),
            ("never", "Never Sent"),
            ("unlisted", "Not Listed There"),
            ("there", "Changed in Octopus"),
            ("here", "Unnoticed in Odoo"),
            ("both", "Changed on Both Sides"),
        ]
    )
    state = fields.Selection(
        [
            ("preview", "Dry Run"),
            ("open", "To Decide"),
            ("sent", "Sent Again"),
            ("closed", "Closed"),
        ],
        required=True,
        index=True,
    )

    # === ACTION METHODS === #

    def action_heal(self):
        """Send Odoo's numbers of these levels."""
        accounts = self.account_id
        accounts.check_access("write")
        if accounts.filtered(lambda account: not account.auto_stock_sync):
            raise UserError(self.env._("Press Sync Stocks first: it sends all levels."))
        # Differences are read-only for all; the worker does what the manager asked for.
        differences_sudo = self.sudo()
        events = differences_sudo.env["octopus.stock.event"]
        events._record_products(differences_sudo.product_id)
        # A deleted variant has no changes to record. Its level is marked though only the worker
        # does that else: the number is 0 for good, so whatever it sends meanwhile is the same.
        deleted = differences_sudo.level_id.filtered(lambda level: not level.product_id)
        if deleted:
            deleted._mark_levels(deleted.ids)
            events._trigger_worker()
        differences_sudo.state = "sent"
        return True

    # === PASS === #

    @api.model
    def _cron_check(self):
        """Queue a check for every store that sends its stock automatically."""
        accounts = self.env["octopus.account"].search(
            [("auto_stock_sync", "=", True), ("state", "in", ("connected", "error"))]
        )
        for account in accounts:
            self.env["octopus.sync.run"]._queue(account, "stock_check", at_once=False)

    @api.model
    def _run_start(self, run):
        levels = self.env["octopus.stock.level"]
        levels._create_missing(SQL("account.id = %s", run.account_id.id))
        if not run.account_id.auto_stock_sync:
            self._forget_snapshot(run.account_id)
            run.account_id.stock_snapshot_at = fields.Datetime.now()
        return levels.search_count(levels._run_domain(run.account_id))

    @api.model
    def _run_batch(self, run, client):
        levels = self.env["octopus.stock.level"]
        account = run.account_id
        after = (run.cursor or {}).get("after", 0)
        rows = levels._read_after(account, after, BULK_LIMIT)
        if rows:
            numbers = levels._numbers(rows)
            remote = self._read_remote(client, rows)
            if not account.auto_stock_sync:
                # Octopus sells none of what it does not list: that is what an undo sends back.
                self._keep_snapshot({row.id: remote.get(row.id, 0) for row in rows})
            self._record_differences(run, rows, numbers, remote)
            run.write({"cursor": {"after": rows[-1].id}, "done": run.done + len(rows)})
        more = len(rows) == BULK_LIMIT
        if not more:
            self._conclude(run)
        return more

    @api.model
    def _read_remote(self, client, rows):
        """Return what Octopus has, by level id; levels that it does not list are left out."""
        remote = {}
        for location_ref, group in groupby(rows, lambda row: row.location_ref):
            level_ids = {row.item_ref: row.id for row in group}
            for found in client.iter_inventory_levels(
                inventory_item_refs=level_ids, location_refs=[location_ref]
            ):
                level_id = level_ids.get(found.inventory_item_ref)
                if found.location_ref == location_ref and level_id:
                    remote[level_id] = found.available or 0
        return remote

    @api.model
    def _forget_snapshot(self, account):
        """Forget what an earlier dry run has kept: this one may look at other levels."""
        self.env.cr.execute(
            SQL(
                """UPDATE octopus_stock_level SET has_snapshot = FALSE
                    WHERE account_id = %s AND has_snapshot""",
                account.id,
            )
        )
        self.env.invalidate_all()

    @api.model
    def _keep_snapshot(self, remote):
        self.env.cr.execute(
            SQL(
                """UPDATE octopus_stock_level level
                      SET snapshot = remote.available, has_snapshot = TRUE
                     FROM unnest(%s, %s) AS remote(level_id, available)
                    WHERE level.id = remote.level_id""",
                list(remote),
                list(remote.values()),
            )
        )
        self.env.invalidate_all()

    @api.model
    def _record_differences(self, run, rows, numbers, remote):
        compared = [row for row in rows if row.id in numbers]
        different = [row for row in compared if remote.get(row.id) != numbers[row.id]]
        levels = self.env["octopus.stock.level"].browse(row.id for row in different)
        levels._forget_refusals({row.id for row in compared} - set(levels._ids))
        if not different:
            return
        waiting = set(levels._waiting()._ids)
        preview = not run.account_id.auto_stock_sync
        heal = not preview and run.account_id.difference_policy == "heal"
        vals_list = []
        for row, level in zip(different, levels, strict=True):
            reason = _reason(row, level, numbers[row.id], remote, row.id in waiting)
            state = "sent" if heal or reason == "waiting" else "open"
            vals_list.append(
                {
                    "run_id": run.id,
                    "level_id": row.id,
                    "product_id": row.product_id,
                    "location_id": row.location_id,
                    "octopus_quantity": remote.get(row.id, 0),
                    "is_listed": row.id in remote,
                    "odoo_quantity": numbers[row.id],
                    "pushed_quantity": row.pushed or 0,
                    "pushed_at": level.pushed_at,
                    "drops_to_zero": remote.get(row.id, 0) > 0 and not numbers[row.id],
                    "reason": reason,
                    "state": "preview" if preview else state,
                }
            )
        self.create(vals_list)
        if not preview:
            levels.resend = True
        if heal:
            levels._mark_levels(levels.ids)

    @api.model
    def _conclude(self, run):
        """Say in the pass what was found, and close what earlier ones had found."""
        self._close_earlier(run)
        self.env["octopus.stock.level"]._fix_solved_issues(run)
        count = self.search_count([("run_id", "=", run.id)])
        if not count:
            run._fix_issues(run.account_id)
            return
        if not run.account_id.auto_stock_sync:
            message = self.env._(
                "Sync Stocks would change %(count)s stock levels in Octopus; see Stock "
                "Differences. Nothing was sent.",
                count=count,
            )
        elif run.account_id.difference_policy == "heal":
            message = self.env._(
                "%(count)s stock levels differed in Octopus and were sent again; Stock "
                "Differences shows which and why.",
                count=count,
            )
        else:
            message = self.env._(
                "%(count)s stock levels differ in Octopus. Open Stock Differences and decide "
                "which to send again.",
                count=count,
            )
        run._add_issue(run.account_id, message, severity="warning")

    @api.model
    def _close_earlier(self, run):
        """Close what was found before this pass, which went over all levels."""
        self.search(
            [
                ("account_id", "=", run.account_id.id),
                ("state", "in", ("open", "preview")),
                ("run_id", "!=", run.id),
            ]
        ).state = "closed"

    @api.autovacuum
    def _gc_old_differences(self):
        return delete_batch(self, [("create_date", "<", f"-{KEEP_DAYS}d")])


def _reason(row, level, number, remote, is_waiting):
    """Return why Octopus has another number, as far as the three numbers tell."""
    if is_waiting:
        return "waiting"
    if level.error:
        return "refused"
    if row.pushed is None:
        return "never"
    if row.id not in remote:
        return "unlisted"
    if row.pushed == number:
        return "there"
    return "here" if row.pushed == remote[row.id] else "both"
