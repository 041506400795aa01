"""Inserting records of plain columns, for the one place where the ORM's `create` is too slow."""

from decimal import ROUND_HALF_UP, Context, Decimal

from odoo.tools import SQL

# Of the sum of all lines; Python's own 28 digits are too few to round it.
SUM_DIGITS = Context(prec=60)
NOW = SQL("(now() AT TIME ZONE 'UTC')")


def insert_query(model, vals_list):
    """Return the statement that inserts records, without what `create` does besides.

    Defaults, computed fields, tracking and followers take as long as all the rest of taking an
    online order in. So this is for models without computed columns, and for values that leave no
    default out.

    :param vals_list: the values, with the same keys in each; also SQL
    """
    uid = model.env.uid
    log = {"create_uid": uid, "create_date": NOW, "write_uid": uid, "write_date": NOW}
    log = log if model._log_access else {}
    names = list(vals_list[0])
    are_boolean = [model._fields[name].type == "boolean" for name in names]
    row_template = f"({', '.join(['%s'] * (len(log) + len(names)))})"
    rows = []
    for vals in vals_list:
        values = [
            None if vals[name] is False and not is_boolean else vals[name]
            for name, is_boolean in zip(names, are_boolean, strict=True)
        ]
        rows.append(SQL(row_template, *log.values(), *values))
    return SQL(
        "INSERT INTO %s (%s) VALUES %s RETURNING id",
        SQL.identifier(model._table),
        SQL(", ").join(map(SQL.identifier, [*log, *names])),
        SQL(", ").join(rows),
    )


def rounded(number, digits):
    """Return a Decimal as its column stores it, rounded as the ORM rounds."""
    return Decimal(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, SUM_DIGITS)
