"""What could not be read of an order, see `Order.unread`: its words, and its end."""

from odoo import api
from odoo.tools import SQL

from ...lib.octopus_api import parsing
from ...lib.order_mapping import line_values
from .stock_deduction import resume_deduction


@api.depends("unread")
@api.depends_context("lang")
def compute_unread_notice(orders):
    """Compute `unread_notice`: a sentence for each place, in the user's language."""
    for order in orders:
        sentences = [_sentence(order.env, *entry) for entry in order.unread or ()]
        order.unread_notice = "\n".join(sentences) or False


def _sentence(env, place, reason):
    if reason in (parsing.NOT_A_NUMBER, parsing.TOO_BIG):
        return env._("%(field)s is not a number: it is unknown.", field=place)
    if reason == parsing.AMBIGUOUS:
        return env._("%(field)s can be read in two ways: it is unknown.", field=place)
    if reason == parsing.NEGATIVE:
        return env._("%(field)s is negative: nothing is taken for it.", field=place)
    if reason == parsing.NOT_A_DATE:
        return env._("%(field)s is not a date: it is unknown.", field=place)
    if reason == parsing.NOT_A_FLAG:
        return env._("%(field)s is neither yes nor no: it is unknown.", field=place)
    if reason in (parsing.TOO_LONG, parsing.TOO_MANY):
        return env._("%(field)s is too long: not all of it was read.", field=place)
    return env._("%(field)s has a form that cannot be read.", field=place)


def empty_unknown_amounts(order):
    """Empty the amounts that could not be read: Odoo would store them as 0."""
    names = (order.unknown_amounts or "").split()
    if not names:
        return
    order.flush_recordset()
    columns = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in names)
    order.env.cr.execute(SQL("UPDATE octopus_order SET %s WHERE id = %s", columns, order.id))
    order.invalidate_recordset(names)


def read_lines_again(order, remote):
    """Take over the numbers of lines that could not be read before, and have the goods of a line
    deducted that says now how many.

    :param Order remote: a whole update of the order
    """
    if not order.unknown_amounts:
        return
    precisions = order.env["decimal.precision"]
    units, prices = map(precisions.precision_get, ("Product Unit", "Product Price"))
    by_ref = {line.ref: line for line in remote.lines if line.ref}
    for line in order.line_ids:
        if line.octopus_ref not in by_ref:
            continue
        digits = order.currency_id.decimal_places
        values = line_values(by_ref[line.octopus_ref], units, prices, digits)
        if not line.is_quantity_unknown:
            del values["quantity"], values["is_quantity_unknown"]
        line.write(values)
    resume_deduction(order)
