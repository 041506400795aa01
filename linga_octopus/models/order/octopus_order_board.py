from odoo import models
from odoo.fields import Domain

from ...const import COUNT_LIMIT


class OctopusOrder(models.Model):
    """The board of online orders: a column for each status, headed by the number of its cards."""

    _inherit = "octopus.order"

    def _formatted_read_group_with_length(
        self, domain, groupby, aggregates, offset=0, limit=None, order=None
    ):
        """Override: for the board, a column is counted no further than people read."""
        if not self.env.context.get("octopus_board") or list(groupby) != ["status"]:
            return super()._formatted_read_group_with_length(
                domain, groupby, aggregates, offset=offset, limit=limit, order=order
            )
        columns = [
            dict.fromkeys(aggregates, False) | self._board_column(domain, status)
            for status in self._fields["status"].get_values(self.env)
        ]
        return columns, len(columns)

    def _board_column(self, domain, status):
        column = Domain("status", "=", status)
        return {
            "status": status,
            "__extra_domain": [("status", "=", status)],
            "__count": self.search_count(Domain(domain) & column, limit=COUNT_LIMIT + 1),
        }
