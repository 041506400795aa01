from odoo import fields, models
from odoo.tools import SQL

from ...orm import NOW
from .notices import NoticeText


class OctopusBinding(models.AbstractModel):
    """The link between a record of Odoo and a record of Octopus, for one account.

    Only workers write bindings. `octopus_ref` is Octopus's id, always text: the API reference shows
    integers in some places and strings such as `ord_1010` in others.
    """

    _name = "octopus.binding"
    _description = "Octopus Binding"

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    octopus_ref = fields.Char("Octopus ID", copy=False)
    payload_hash = fields.Char(copy=False, export_string_translation=False)
    state = fields.Selection(
        [("pending", "To Send"), ("synced", "Synced"), ("error", "Error")],
        "Octopus State",
        default="pending",
        required=True,
    )
    error = NoticeText(copy=False)
    synced_at = fields.Datetime("Last Sync", copy=False)
    attempted_at = fields.Datetime(
        copy=False,
        help="Set before a create is sent and cleared when its answer is recorded: a binding "
        "with this time and no Octopus ID is looked up in Octopus before it is sent again.",
    )

    # The first run writes tens of thousands of bindings, so it writes many in one statement. The
    # user columns stay empty: the user is the worker, and PostgreSQL checks each reference to one.

    def _bulk_insert(self, rows, *, or_nothing=False):
        """Insert bindings without the work of `create`, which no binding needs.

        :param list rows: dicts of column values, all with the same keys
        :param or_nothing: whether a binding that is there already stays as it is
        """
        if not rows:
            return
        self.flush_model()
        names = list(rows[0])
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(columns)s, create_date, write_date)
                   SELECT v.*, %(now)s, %(now)s FROM unnest(%(values)s) AS v %(otherwise)s""",
                table=SQL.identifier(self._table),
                columns=columns,
                otherwise=SQL("ON CONFLICT DO NOTHING") if or_nothing else SQL(),
                values=self._bulk_values(names, rows),
                now=NOW,
            )
        )
        self.invalidate_model(flush=False)

    def _bulk_update(self, rows):
        """Write other values to each of many bindings in one statement.

        :param list rows: dicts of an `id` and column values, all with the same keys
        """
        if not rows:
            return
        self.flush_model()
        names = list(rows[0])
        changes = [name for name in names if name != "id"]
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s b SET write_date = %(now)s, %(changes)s
                   FROM unnest(%(values)s) AS v(%(columns)s)
                   -- By the ids alone, PostgreSQL knows that an index is faster than the table.
                   WHERE b.id = v.id AND b.id = ANY(%(ids)s)""",
                table=SQL.identifier(self._table),
                changes=SQL(", ").join(
                    SQL("%s = v.%s", SQL.identifier(name), SQL.identifier(name)) for name in changes
                ),
                columns=SQL(", ").join(map(SQL.identifier, names)),
                values=self._bulk_values(names, rows),
                ids=[row["id"] for row in rows],
                now=NOW,
            )
        )
        self.invalidate_model(flush=False)

    def _bulk_values(self, names, rows):
        """Return the columns; a notice is stored as its code."""
        columns = [[getattr(row[name], "stored", row[name]) for row in rows] for name in names]
        return SQL(", ").join(
            SQL("%s::%s[]", column, SQL(self._fields[name].column_type[0]))
            for name, column in zip(names, columns, strict=True)
        )
