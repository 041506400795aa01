"""What the settings page shows of a pass, and how it learns that one has moved on."""

from odoo import api, fields, models


class OctopusSyncRun(models.Model):
    _inherit = "octopus.sync.run"

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        runs._notify_settings_page()
        return runs

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"state", "total", "done", "failed"}:
            self._notify_settings_page()
        return result

    def _describe_for_settings(self):
        """Return what the settings page shows of this pass."""
        self.ensure_one()
        return {
            "id": self.id,
            "state": self.state,
            "message": self.message or "",
            "total": self.total,
            "done": self.done,
            "failed": self.failed,
            "progress": self.progress,
            "asked_at": fields.Datetime.to_string(self.create_date),
            "ended_at": fields.Datetime.to_string(self.ended_at) if self.ended_at else False,
            "resume_at": fields.Datetime.to_string(self.resume_at) if self.resume_at else False,
            **self._describe_lane(),
        }

    def _notify_settings_page(self):
        """Tell open settings pages, once per transaction, which accounts to look at again."""
        waiting = self.env.cr.precommit.data.setdefault("linga_octopus.passes", set())
        if not waiting:
            self.env.cr.precommit.add(self._send_run_notifications)
        waiting.update(self.account_id.ids)

    @api.model
    def _send_run_notifications(self):
        account_ids = sorted(self.env.cr.precommit.data.pop("linga_octopus.passes", ()))
        if account_ids:
            self.env.ref("linga_octopus.group_octopus_manager")._bus_send(
                "linga_octopus/passes", {"account_ids": account_ids}
            )
