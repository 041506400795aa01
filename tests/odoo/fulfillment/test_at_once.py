"""Two people, or a person and the channel, at the same order at the same moment: each with a
connection of its own."""

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.models.fulfillment.shipping import cancel_parcels, hand_over, ship

from ..support.connections import ConnectionsMixin
from ..support.orders import OrdersMixin

PICKUP = {"shipping_lines": [{"title": "Store Pickup", "price": "0.00"}]}


class TestAtOnce(ConnectionsMixin, OrdersMixin, TransactionCase):
    committed = ("octopus_order", "octopus_channel", "octopus_account", "mail_message")

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            account = env["octopus.account"].create({"name": "At Once"})
            self.remote = self.payload({"CHAIR": 2}, **PICKUP)
            self.account_id = account.id
            self.order_id = env["octopus.order"]._ingest(account, self.remote).id
            env.cr.commit()

    def known(self, env):
        return env["octopus.order"].browse(self.order_id)

    def refund(self, env):
        """Let the channel refund one of the two chairs."""
        refund = {"line_item_id": self.remote["line_items"][0]["id"], "quantity": 1}
        update = self.changed(self.remote, refunds=[{"id": 1, "refund_line_items": [refund]}])
        env["octopus.order"]._ingest(env["octopus.account"].browse(self.account_id), update)

    def test_a_new_service_of_two_parcels_is_listed_without_an_error(self):
        with self.connection() as one, self.connection() as other:
            channels = [self.known(env).channel_id for env in (one, other)]
            channels[0]._list_services({"manual"})
            one.cr.commit()
            with self.assertNoLogs("odoo.sql_db"), self.assertRaises(SerializationFailure):
                channels[1]._list_services({"manual"})
        with self.connection() as env:
            self.known(env).channel_id._list_services({"manual", "FBA"})
            self.assertEqual(len(self.known(env).channel_id.service_ids), 2)

    @mute_logger("odoo.sql_db")
    def at_once(self, first, second):
        """Let the second begin before the first has committed: it has to start again.

        :return: the message of what the second is told then, if it is refused
        """
        with self.connection() as one, self.connection() as other:
            for env in one, other:
                self.known(env).mapped("line_ids.quantity")  # both see the same
            first(one)
            one.flush_all()
            one.cr.commit()
            with self.assertRaises(SerializationFailure):
                second(other)
                other.flush_all()
        with self.connection() as env:
            try:
                second(env)
                env.flush_all()
                env.cr.commit()
            except UserError as error:
                return str(error)
        return ""

    def fulfilled(self):
        with self.connection() as env:
            return sum(self.known(env).line_ids.mapped("quantity_fulfilled"))

    def parcels(self):
        with self.connection() as env:
            return self.known(env).fulfillment_ids.line_ids.mapped("quantity")

    def ship(self, env):
        ship(self.known(env), carrier="DHL")

    def test_two_tills_hand_over_once(self):
        def hand_over_all(env):
            hand_over(self.known(env), handed_to="Ada")

        self.assertIn("nothing left", self.at_once(hand_over_all, hand_over_all))
        self.assertEqual(self.parcels(), [2])

    def test_what_is_shipped_while_it_is_refunded_is_what_is_left(self):
        self.assertEqual(self.at_once(self.refund, self.ship), "")
        self.assertEqual(self.parcels(), [1])

    def test_what_is_refunded_while_it_is_shipped_is_counted_once(self):
        self.assertEqual(self.at_once(self.ship, self.refund), "")
        self.assertEqual(self.parcels(), [2], "they have left")
        self.assertEqual(self.fulfilled(), 1)

    def test_two_people_make_an_order_ready_once(self):
        def make_ready(env):
            self.known(env).action_ready_for_pickup()

        self.assertIn("already", self.at_once(make_ready, make_ready))

    def test_a_parcel_is_taken_back_once(self):
        with self.connection() as env:
            self.ship(env)
            env.cr.commit()

        def take_back(env):
            cancel_parcels(self.known(env).fulfillment_ids)

        self.assertEqual(self.at_once(take_back, take_back), "")
        with self.connection() as env:
            bodies = self.known(env).message_ids.mapped("body")
            self.assertEqual(sum("Parcel cancelled" in body for body in bodies), 1)
