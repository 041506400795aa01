from odoo import api, models
from odoo.tools import SQL


class OctopusBinding(models.AbstractModel):
    """Many bindings in one statement: a first pass writes tens of thousands of them.

    Who made them is left out: it is the worker, and each reference to a user is checked.
    """

    _inherit = "octopus.binding"

    @api.model
    def _bulk_insert(self, rows):
        """Insert bindings without the cost of `create`, which nothing of a binding needs.

        :param list rows: dicts of column values, all with the same keys
        """
        if not rows:
            return
        self.flush_model()
        names = list(rows[0])
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(columns)s, create_date, write_date)
                   SELECT v.*, %(now)s, %(now)s FROM unnest(%(values)s) AS v""",
                table=SQL.identifier(self._table),
                columns=columns,
                values=self._bulk_values(names, rows),
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
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
                   FROM unnest(%(values)s) AS v(%(columns)s) WHERE b.id = v.id""",
                table=SQL.identifier(self._table),
                changes=SQL(", ").join(
                    SQL("%s = v.%s", SQL.identifier(name), SQL.identifier(name)) for name in changes
                ),
                columns=SQL(", ").join(map(SQL.identifier, names)),
                values=self._bulk_values(names, rows),
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _bulk_values(self, names, rows):
        return SQL(", ").join(
            SQL("%s::%s[]", [row[name] for row in rows], SQL(self._fields[name].column_type[0]))
            for name in names
        )
