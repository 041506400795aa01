"""Parcels that the channel names: followed, each once, and never taken away by an older update."""

from odoo.tests import TransactionCase

from ..support.orders import OrdersMixin


def entry(ref, pieces=None, *numbers, **fields):
    """Return a fulfillment as Octopus sends it.

    :param dict pieces: the quantity by id of the line
    """
    return {
        "id": ref,
        "status": "success",
        "tracking_company": "UPS",
        "tracking_numbers": list(numbers),
        "created_at": "2026-11-21T07:00:00-00:00",
        "line_items": [{"id": line, "quantity": n} for line, n in (pieces or {}).items()],
        **fields,
    }


class FollowCase(OrdersMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.account.complete_when_channel_ships = True
        self.remote = self.payload({"CHAIR": 2, "TABLE": 1})
        self.chairs, self.tables = (line["id"] for line in self.remote["line_items"])
        self.known = self.ingest(self.remote)
        self.deduct()

    def follow(self, *fulfillments, **fields):
        """Let the channel say this, and keep it for later."""
        self.remote = self.changed(self.remote, fulfillments=list(fulfillments), **fields)
        self.ingest(self.remote)

    def ship(self, pieces=None, **values):
        """Ship as the dialog does; `pieces` by SKU."""
        wizard = self.env["octopus.ship"].create({"order_ids": self.known.ids})
        for line in wizard.line_ids:
            if pieces is not None:
                line.quantity = pieces.get(line.order_line_id.sku, 0)
        wizard.write(values)
        wizard.action_ship()
        return self.known.fulfillment_ids.sorted("id")[-1:]

    def parcels(self):
        return [
            (parcel.octopus_ref, parcel.tracking_numbers or "", parcel.state)
            for parcel in self.known.fulfillment_ids.sorted("octopus_ref")
        ]


class TestFollowing(FollowCase):
    def test_parcels_are_shown_with_their_numbers(self):
        self.follow(entry(7, {self.chairs: 2}, "1Z1", "1Z2"), fulfillment_status="partial")
        parcel = self.known.fulfillment_ids
        self.assertRecordValues(
            parcel,
            [
                {
                    "origin": "channel",
                    "carrier": "UPS",
                    "tracking_numbers": "1Z1, 1Z2",
                    "push_status": False,
                    "location_id": self.location.id,
                }
            ],
        )
        self.assertEqual(str(parcel.shipped_at), "2026-11-21 07:00:00")
        self.assertIn("ups.com", parcel.tracking_urls)
        self.assertRecordValues(
            self.known, [{"fulfillment_state": "part", "status": "take_action"}]
        )
        self.assertEqual(self.known.line_ids.mapped("quantity_fulfilled"), [2, 0])
        self.assertEqual(list(self.known._lines_to_ship().values()), [1])

    def test_an_order_shipped_by_the_channel_completes_itself(self):
        self.follow(entry(7), fulfillment_status="fulfilled")
        self.assertRecordValues(
            self.known,
            [{"fulfillment_state": "channel", "status": "completed", "push_status": "synced"}],
        )
        self.assertFalse(self.known._lines_to_ship())

    def test_the_store_may_complete_it_by_hand(self):
        self.account.complete_when_channel_ships = False
        self.follow(entry(7), fulfillment_status="fulfilled")
        self.assertRecordValues(
            self.known, [{"fulfillment_state": "channel", "status": "take_action"}]
        )
        self.follow(entry(7), note="again", at="2026-11-21T09:00:00Z")
        bodies = [m.body for m in self.known.message_ids if "do not pack" in (m.body or "")]
        self.assertEqual(len(bodies), 1, "said once")

    def test_a_new_order_comes_with_its_parcels(self):
        remote = self.payload({"CHAIR": 1}, fulfillments=[entry(9, None, "1Z9")])
        order = self.ingest(remote)
        self.assertRecordValues(order, [{"fulfillment_state": "channel", "status": "completed"}])
        self.deduct()
        self.assertEqual(order.stock_state, "deducted", "the goods have left this store")

    def test_a_channel_that_names_no_parcel_says_that_all_is_out(self):
        self.follow(fulfillment_status="fulfilled")
        self.assertEqual(self.known.fulfillment_state, "channel")
        self.follow(
            entry(7, {self.chairs: 2}, "1Z1"),
            fulfillment_status="fulfilled",
            at="2026-11-21T09:00:00Z",
        )
        self.assertEqual(self.known.line_ids.mapped("quantity_fulfilled"), [2, 1])
        self.follow(
            entry(7, {self.chairs: 2}, "1Z1"),
            entry(8, {self.tables: 1}, "1Z2"),
            fulfillment_status="fulfilled",
            at="2026-11-21T10:00:00Z",
        )
        self.assertEqual(
            self.parcels(),
            [("#whole", "", "cancelled"), ("7", "1Z1", "done"), ("8", "1Z2", "done")],
        )
        self.assertEqual(self.known.line_ids.mapped("quantity_fulfilled"), [2, 1])

    def test_pieces_that_the_channel_added_to_a_line_are_shipped_with_it(self):
        self.follow(entry(7, {self.chairs: 1}), fulfillment_status="partial")
        lines = [{**self.remote["line_items"][0], "quantity": 5}, self.remote["line_items"][1]]
        self.remote = self.changed(self.remote, line_items=lines, at="2026-11-21T09:00:00Z")
        self.ingest(self.remote)
        self.known.action_apply_changes()
        self.deduct()
        chairs = self.known.line_ids.filtered(lambda line: line.sku == "CHAIR")
        self.assertEqual(chairs.mapped("quantity"), [2, 3])
        parcels = entry(7, {self.chairs: 1}), entry(8, {self.chairs: 3})
        self.follow(*parcels, at="2026-11-21T10:00:00Z")
        self.assertEqual(chairs.mapped("quantity_fulfilled"), [2, 2])
        parcels = entry(7, {self.chairs: 1}), entry(8, {self.chairs: 4})
        self.follow(*parcels, at="2026-11-21T11:00:00Z")
        self.assertEqual(chairs.mapped("quantity_fulfilled"), [2, 3])

    def test_an_older_update_takes_nothing_away(self):
        before = self.remote
        self.follow(entry(7, {self.chairs: 1}, "1Z1"), entry(8, {self.chairs: 1}, "1Z2"))
        after = self.parcels()
        self.ingest(self.changed(before, fulfillments=[], at="2026-11-21T07:59:00Z"))
        self.ingest(self.changed(before, fulfillments=[], at=self.remote["octopus_updated_at"]))
        self.ingest({**before, "octopus_updated_at": None, "fulfillments": [entry(7)]})
        self.ingest(self.changed(before, at="2026-11-21T09:00:00Z"))
        self.assertEqual(self.parcels(), after)
        self.assertEqual(self.known.line_ids[0].quantity_fulfilled, 2)

    def test_a_newer_update_corrects_a_number_and_an_empty_one_keeps_it(self):
        self.follow(entry(7, {self.chairs: 1}, "1Z1"))
        self.follow(entry(7, {self.chairs: 2}, "1Z2"), at="2026-11-21T09:00:00Z")
        self.assertEqual(self.parcels(), [("7", "1Z2", "done")])
        self.assertEqual(self.known.line_ids[0].quantity_fulfilled, 2)
        self.follow(entry(7, {self.chairs: 2}), at="2026-11-21T10:00:00Z")
        self.assertEqual(self.parcels(), [("7", "1Z2", "done")])

    def test_a_cancelled_parcel_reopens_what_it_contained(self):
        self.follow(entry(7, None, "1Z1"))
        self.assertEqual(self.known.status, "completed")
        self.follow(entry(7, None, "1Z1", status="cancelled"), at="2026-11-21T09:00:00Z")
        self.assertRecordValues(self.known, [{"fulfillment_state": False, "status": "take_action"}])
        self.assertEqual(sum(self.known._lines_to_ship().values()), 3)
        self.ingest({**self.remote, "octopus_updated_at": None, "fulfillments": [entry(7)]})
        self.assertEqual(self.parcels()[0][2], "cancelled", "for good")

    def test_a_cancelled_parcel_reopens_an_order_that_was_completed_by_hand(self):
        self.follow(entry(7, {self.chairs: 2}, "1Z1"), fulfillment_status="partial")
        self.known.action_complete()
        self.follow(
            entry(7, {self.chairs: 2}, "1Z1", status="cancelled"), at="2026-11-22T08:00:00-00:00"
        )
        self.assertRecordValues(self.known, [{"fulfillment_state": False, "status": "take_action"}])

    def test_a_cancelled_parcel_of_refunded_pieces_reopens_nothing(self):
        self.follow(entry(7, {self.chairs: 2}, "1Z1"), fulfillment_status="partial")
        self.known.action_complete()
        refund = {"line_item_id": self.chairs, "quantity": 2}
        self.follow(
            entry(7, {self.chairs: 2}, "1Z1", status="cancelled"),
            refunds=[{"id": 1, "refund_line_items": [refund]}],
            at="2026-11-22T08:00:00-00:00",
        )
        self.assertEqual(self.known.status, "completed")

    def test_our_parcel_coming_back_is_recognized(self):
        for place, numbers in enumerate(["", "0034-1"]):
            with self.subTest(numbers=numbers):
                self.setUp()
                parcel = self.ship({"CHAIR": 2}, carrier="DHL", numbers=numbers)
                number = ["00341"] if numbers else []
                ref = 70 + place
                theirs = entry(ref, {self.chairs: 2 - place}, *number, tracking_company="Dhl")
                self.follow(theirs)
                self.assertEqual(self.known.fulfillment_ids, parcel)
                self.assertRecordValues(
                    parcel, [{"origin": "store", "octopus_ref": str(ref), "carrier": "DHL"}]
                )
                self.assertEqual(self.known.line_ids[0].quantity_fulfilled, 2)

    def test_a_parcel_that_the_channel_made_anew_is_the_same(self):
        parcel = self.ship({"CHAIR": 2}, carrier="DHL", numbers="1")
        self.follow(entry(7, {self.chairs: 2}, "1"))
        self.follow(entry(8, {self.chairs: 2}, "1"), at="2026-11-22T08:00:00-00:00")
        self.assertEqual(self.parcels(), [("8", "1", "done")])
        self.assertEqual(self.known.fulfillment_ids, parcel)
        self.follow(entry(7, {self.chairs: 2}, "1"))
        self.assertEqual(self.parcels(), [("8", "1", "done")], "an older update")

    def test_a_parcel_that_was_refused_and_is_there_after_all_is_no_failure(self):
        parcel = self.ship({"CHAIR": 2}, carrier="DHL", numbers="1")
        parcel.sudo().push_status = "failed"
        self.known._flag("parcel_failed", parcel="DHL 1", error="no")
        self.assertTrue(self.known.channel_notice)
        self.follow(entry(7, {self.chairs: 2}, "1"))
        self.assertEqual(parcel.push_status, "synced")
        self.assertFalse(self.known.channel_notice)

    def test_what_the_channel_ships_from_elsewhere_is_not_packed_here(self):
        self.env["octopus.channel.service"].create(
            {"channel_id": self.known.channel_id.id, "name": "FBA", "is_elsewhere": True}
        )
        self.follow(entry(7, {self.chairs: 1}, "1Z1", service="FBA"))
        self.assertTrue(self.known.fulfillment_ids.is_elsewhere)
        self.assertEqual(list(self.known._lines_to_ship().values()), [1, 1])

    def test_a_parcel_without_a_service_is_that_of_its_lines(self):
        self.env["octopus.channel.service"].create(
            {"channel_id": self.known.channel_id.id, "name": "FBA", "is_elsewhere": True}
        )
        lines = self.remote["line_items"]
        lines[0]["fulfillment_service"] = "FBA"
        refs = [line["id"] for line in lines]
        self.follow(
            entry(7, {refs[0]: 1}), entry(8, {refs[1]: 1}), entry(9, dict.fromkeys(refs, 1))
        )
        found = self.known.fulfillment_ids.sorted("id").mapped("is_elsewhere")
        self.assertEqual(found, [True, False, False], "the last one has goods of this store too")

    def test_a_closed_order_that_is_not_all_shipped_says_so(self):
        self.follow(entry(7, {self.chairs: 2}), closed_at="2026-11-21T08:00:00Z")
        self.assertIn("not all of it is shipped", self.known.channel_notice)
        self.assertEqual(self.known.status, "take_action")

    def test_parcels_that_cannot_be_read_do_no_harm(self):
        for odd in ("none", [None, 7], [{"id": {}, "line_items": "x"}], {"status": ["a"]}):
            self.follow(entry(7, {self.chairs: 1}))
            self.ingest(self.changed(self.remote, fulfillments=odd, at="2026-11-21T09:30:00Z"))
            self.assertIn(("7", "", "done"), self.parcels())
