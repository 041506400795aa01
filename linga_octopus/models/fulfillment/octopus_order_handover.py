from odoo import api, models

from ...const import PUSH_STATUS_CRON
from ...lib.octopus_api.own_texts import (
    HANDED_OVER,
    READY,
    cancelled_text,
    ready_note,
    shipped_text,
)
from . import parcel_push, pickup
from .following import compare_parcels, follow_parcels
from .transfers import ship_tracked, tracked_deliveries


class OctopusOrderHandover(models.AbstractModel):
    """Fills the hooks of the hand-over. All fields stand in room `delivery`."""

    _inherit = "octopus.order.handover"

    # === ACTION METHODS === #

    def action_ship(self):
        """Ask for carrier, tracking numbers and pieces of what leaves."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ship"),
            "res_model": "octopus.ship",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def action_ready_for_pickup(self):
        """Say that the goods wait for the customer."""
        self.check_access("write")
        # Everything but the status is written by the addon; every user may hand over.
        pickup.make_ready(self.sudo())
        return True

    def action_not_ready_for_pickup(self):
        """Take back that the goods wait for the customer."""
        self.check_access("write")
        pickup.take_back_ready(self.sudo())
        return True

    def action_hand_over(self):
        """Ask who takes the goods, and which."""
        view = self.env.ref("linga_octopus.octopus_ship_view_form_counter")
        return self.action_ship() | {
            "name": self.env._("Hand Over"),
            "views": [(view.id, "form")],
            "context": {"default_order_ids": self.ids, "default_kind": "counter"},
        }

    # === BUSINESS METHODS === #

    def _retry_parcels(self):
        """Override."""
        failed = self.fulfillment_ids.filtered(lambda parcel: parcel.push_status == "failed")
        failed.push_status = "pending"
        for order in failed.order_id:
            order._unflag("parcel_failed")
            order.write({"is_parcel_due": True, "push_attempts": 0, "push_retry_at": False})
        failed.order_id._wake_worker(PUSH_STATUS_CRON)

    def _parcels_failed(self, error):
        """Override."""
        parcel_push.give_up(self, error)

    @api.model
    def _ship_tracked(self):
        """Override."""
        ship_tracked(tracked_deliveries(self.env))

    def _follow_parcels(self, remote, *, is_newer):
        """Override."""
        follow_parcels(self, remote, is_newer=is_newer)

    def _compare_parcels(self, remote):
        """Override."""
        return compare_parcels(self, remote)

    def _tell_parcels(self, client):
        """Override."""
        return parcel_push.tell_parcels(self, client)

    def _own_tags(self):
        """Override."""
        cancelled = self.fulfillment_ids.filtered(
            lambda parcel: (
                parcel.state == "cancelled"
                and parcel.octopus_ref
                and parcel.push_status in ("pending", "tag_only")
            )
        )
        texts = [cancelled_text(parcel.carrier, parcel._numbers()) for parcel in cancelled]
        ready = [READY] if self.is_waiting_for_pickup else []
        return self._shipped_texts() + ready + texts

    def _own_notes(self):
        """Override."""
        ready = [ready_note(self.pickup_code)] if self.is_waiting_for_pickup else []
        return self._shipped_texts() + ready

    def _shipped_texts(self):
        """Return what tags and note tell of the parcels that Octopus does not show."""
        is_by_tag = self.account_id.fulfillment_call in parcel_push.UNUSABLE
        parcels = self.fulfillment_ids.filtered(
            lambda parcel: (
                parcel.state == "done"
                and parcel.origin == "store"
                and (
                    parcel.push_status == "tag_only"
                    or (
                        parcel.push_status == "pending"
                        and (is_by_tag or parcel.octopus_ref or not parcel._has_known_lines())
                    )
                )
            )
        )
        return [
            HANDED_OVER
            if parcel.kind == "counter"
            else shipped_text(parcel.carrier, parcel._numbers())
            for parcel in parcels
        ]
