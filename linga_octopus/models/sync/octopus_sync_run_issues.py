"""The problems that passes meet: one for each record, until a later pass has none with it."""

from odoo import fields, models
from odoo.fields import Domain


class OctopusSyncRun(models.Model):
    _inherit = "octopus.sync.run"

    issue_ids = fields.One2many("octopus.sync.issue", "run_id", "Problems Found")

    def _add_issue(self, record, message, severity="error"):
        """Record that `record` could not be sent (or only in part), and why.

        What an earlier pass had met already stays the same problem: it was seen once more.
        """
        if known := self._known_issue(record, message, severity):
            known.write(
                {
                    "run_id": self.id,
                    "record_name": record.display_name,
                    "message": message,
                    "last_seen_at": fields.Datetime.now(),
                    "times_seen": known.times_seen + 1,
                }
            )
            return
        self.env["octopus.sync.issue"].create(
            {
                "run_id": self.id,
                "res_model": record._name,
                "res_id": record.id,
                "record_name": record.display_name,
                "message": message,
                "severity": severity,
            }
        )

    def _known_issue(self, record, message, severity):
        """Return the open problem that this is, met by an earlier pass or by this one."""
        issues = self._open_issues(record).filtered(lambda issue: issue.severity == severity)
        same = issues.filtered(lambda issue: issue.message == message)
        # Of a record, another reason is the same problem. Of the store as a whole, each error is
        # one of its own, such as an order that cannot be read.
        is_event = record._name == "octopus.account" and severity == "error"
        earlier = issues.filtered(lambda issue: issue.run_id != self)
        return (same or (issues.browse() if is_event else earlier))[:1]

    def _open_issues(self, records, kinds=None):
        """Return the open problems of `records`, the oldest first.

        :param kinds: of the passes that met the problems, when not only of this pass's own
        """
        return self.env["octopus.sync.issue"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("kind", "in", kinds or [self.kind]),
                ("fixed_by", "=", False),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
            ],
            order="id",
        )

    def _fix_issues(self, records, kinds=None):
        """Close the open problems of `records` that earlier passes had recorded."""
        issues = self._open_issues(records, kinds)
        issues.filtered(lambda issue: issue.run_id != self).fixed_by = self

    def _fix_issues_of_others(self, model, domain, kinds=None):
        """Close the open problems of those records of a model that no pass looks at any more.

        :param Domain domain: of the records that passes look at
        :param kinds: of the passes that met the problems, when not only of this pass's own
        """
        open_issues = self.env["octopus.sync.issue"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("kind", "in", kinds or [self.kind]),
                ("fixed_by", "=", False),
                ("res_model", "=", model._name),
                ("run_id", "!=", self.id),
            ]
        )
        known = model.search(Domain("id", "in", open_issues.mapped("res_id")) & domain)
        open_issues.filtered(lambda issue: issue.res_id not in known._ids).fixed_by = self
