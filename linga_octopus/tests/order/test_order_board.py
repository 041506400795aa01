"""The board of online orders counts its columns only as far as people read."""

from odoo.tests import TransactionCase

from ...models.order import screens
from ..support.orders import OrdersMixin


class TestOctopusOrderBoard(OrdersMixin, TransactionCase):
    def columns(self, domain=(), **context):
        """Return what the board asks for: the columns with their first cards, by status."""
        groups = self.orders.with_context(**context).web_read_group(
            [("account_id", "=", self.account.id), *domain],
            ["status"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={"aggregator_order_no": {}},
            unfold_read_default_limit=2,
        )["groups"]
        return {group.pop("status"): group for group in groups}

    def setUp(self):
        super().setUp()
        orders = [self.ingest(self.payload({"CHAIR": 1})) for _number in range(4)]
        orders[0].status = "completed"

    def test_columns_are_those_that_odoo_would_show(self):
        board = self.columns(octopus_board=True)
        self.assertEqual(list(board), ["take_action", "completed", "cancelled"])
        self.assertEqual([column["__count"] for column in board.values()], [3, 1, 0])
        self.assertEqual(len(board["take_action"]["__records"]), 2)
        for status, column in self.columns().items():
            self.assertEqual(board[status], column)

    def test_a_long_column_is_counted_no_further_than_it_says(self):
        self.patch(screens, "COUNT_LIMIT", 1)
        board = self.columns(octopus_board=True)
        self.assertEqual([column["__count"] for column in board.values()], [2, 1, 0])
        self.assertEqual(self.columns()["take_action"]["__count"], 3, "elsewhere all are counted")

    def test_a_search_narrows_the_columns(self):
        board = self.columns([("status", "=", "completed")], octopus_board=True)
        self.assertEqual([column["__count"] for column in board.values()], [0, 1, 0])
