"""The way of the goods to the customer is spelled as everywhere else: fulfillment."""

from odoo.tools import SQL, sql

OLD, NEW = "fulfilment", "fulfillment"


def migrate(cr, version):
    if not sql.column_exists(cr, "octopus_order", OLD):
        return
    if sql.column_exists(cr, "octopus_order", NEW):
        cr.execute(
            SQL(
                "UPDATE octopus_order SET %(new)s = %(old)s WHERE %(new)s IS NULL",
                new=SQL.identifier(NEW),
                old=SQL.identifier(OLD),
            )
        )
        return
    sql.rename_column(cr, "octopus_order", OLD, NEW)
    models = ("octopus.order", "octopus.order.report")
    cr.execute(
        "UPDATE ir_model_fields SET name = %s WHERE name = %s AND model IN %s", [NEW, OLD, models]
    )
    cr.execute(
        """UPDATE ir_model_data SET name = replace(name, %s, %s)
            WHERE module = 'linga_octopus' AND name LIKE %s""",
        [f"__{OLD}", f"__{NEW}", f"%\\_\\_{OLD}%"],
    )
    for column in ("domain", "context", "sort"):
        cr.execute(
            SQL(
                """UPDATE ir_filters SET %(column)s = replace(%(column)s, %(old)s, %(new)s)
                    WHERE model_id IN %(models)s AND %(column)s LIKE %(like)s""",
                column=SQL.identifier(column),
                old=OLD,
                new=NEW,
                models=models,
                like=f"%{OLD}%",
            )
        )
