"""Follows changes that the channel makes to an order after it was placed.

An order whose goods are still to be deducted takes the changes at once. Of another one they are
shown as old and new until a person applies them, which moves the goods, or keeps the order.
"""

from decimal import Decimal

from odoo import Command

from ...lib.octopus_api.order_parts import OrderLine
from ...lib.order_changes import (
    ADDED,
    REMOVED,
    has_less,
    line_changes,
    line_key,
    refunded_pieces,
    totals,
)
from ...lib.order_goods import GOODS, NOT_GOODS, line_kinds
from ...lib.order_mapping import line_values, rounded, with_variant
from ...orm import format_quantity, lock_rows
from ..order.look_up import ProductLookUp
from ..order.restocking import leave_to_worker
from ..order.screens import notify_screens
from ..order.stock_deduction import resume_deduction

# Texts that are followed at once, and that whoever packs should read again.
SHOWN_TEXTS = ("shipping_address", "note")


# === WHAT THE CHANNEL SAYS === #


def follow_lines(order, remote):
    """Compare the lines of an update with those of the order, and follow or show the changes."""
    if order.status == "cancelled" or _has_unknown(remote):
        return  # final; or unread, and named as such
    found = _line_changes(order, remote)
    if found and _is_untouched(order):
        lock_rows(order)
        _change_lines(order, found)
        order._message_log(body=order.env._("The channel changed the order before it was packed."))
        notify_screens(order)
        return
    before = order.channel_changes or {}
    if order.change_state == "applied" and not found:
        return
    if found != before.get("lines", []):
        texts = before.get("texts", []) if order.change_state == "open" else []
        _show(order, found, texts)


def follow_texts(order, changes):
    """Show another address or note of an order that is being packed.

    :param dict changes: the values that are about to be written
    """
    if order.status != "take_action" or _is_untouched(order):
        return
    before = (order.channel_changes or {}) if order.change_state == "open" else {}
    texts = {text["field"]: text for text in before.get("texts", [])}
    for name in SHOWN_TEXTS:
        new = changes.get(name, order[name]) or ""
        if new != (order[name] or ""):
            old = texts.get(name, {"old": order[name] or ""})["old"]
            texts[name] = {"field": name, "old": old, "new": new}
    texts = [text for text in texts.values() if text["old"] != text["new"]]
    if texts != before.get("texts", []):
        _show(order, before.get("lines", []), texts)


def knows_more(order, remote):
    """Return whether an update of the same moment has less than the order, or than what is shown
    of the channel: it is not followed."""
    if not remote.states("lines") or _has_unknown(remote):
        return False
    known = _totals_of(order)
    if order.change_state in ("open", "kept"):
        known |= {line["key"]: line["new"] for line in order.channel_changes["lines"]}
    refunded = refunded_pieces(remote)
    known = {key: pieces - refunded[key] for key, pieces in known.items()}
    return has_less(_totals_of_remote(order, remote), known)


def _has_unknown(remote):
    return any(line.quantity is None for line in remote.lines)


def _is_untouched(order):
    """Return whether no goods of the order have been deducted, and they still are to be."""
    is_to_deduct = order.stock_state in ("waiting", "blocked")
    return is_to_deduct and not any(order.line_ids.mapped("is_deducted"))


def _show(order, lines, texts):
    """Keep what the channel changed for a person to decide on; nothing ends it."""
    lock_rows(order)
    is_open = bool(lines or texts)
    order.write(
        {
            "channel_changes": {"lines": lines, "texts": texts} if is_open else False,
            "change_state": "open" if is_open else False,
        }
    )
    if is_open:
        body = order.env._(
            "The channel changed this order:\n%(changes)s", changes=order.changes_text
        )
        order._message_log(body=body)


def _line_changes(order, remote):
    """Return what is changed as JSON: each with its key, name, old and new quantity, and the
    values of a line with the key."""
    ours, theirs = _totals_of(order), _totals_of_remote(order, remote)
    names = {_key_of(line): line.display_name for line in order.line_ids}
    changes = line_changes(ours, theirs, refunded_pieces(remote))
    by_key = _values_by_key(order, remote) if changes and remote.lines else {}
    found = []
    for kind, key, old, new in changes:
        values = by_key.get(key, {})
        name = names.get(key) or _name_of(values)
        found.append(
            {"kind": kind, "key": key, "name": name, "old": old, "new": new, "values": values}
        )
    return found


def _name_of(values):
    """Return what people call a line that is not in Odoo yet, with its variant."""
    name = values.get("name") or values.get("sku") or ""
    return with_variant(name, values.get("variant_name"))


def _totals_of(order):
    """Return {key: pieces} of the lines as they are now, without what was taken off them."""
    taken_off = _taken_off(order)
    return totals(
        (_key_of(line), line.quantity - taken_off.get(line, 0)) for line in order.line_ids
    )


def _totals_of_remote(order, remote):
    digits = order.env["decimal.precision"].precision_get("Product Unit")
    return totals((_remote_key(line), rounded(line.quantity, digits)) for line in remote.lines)


def _key_of(line):
    return line_key(line.octopus_ref, line.octopus_variant_ref, line.sku, line.name)


def _remote_key(line):
    return line_key(line.ref, line.variant_ref, line.sku, line.title)


def _values_by_key(order, remote):
    """Return the values of each line of an update, by its key."""
    precisions = order.env["decimal.precision"]
    units, prices = map(precisions.precision_get, ("Product Unit", "Product Price"))
    digits = order.currency_id.decimal_places
    found = {}
    for line, kind in zip(remote.lines, _kinds(order, remote), strict=True):
        values = {**line_values(line, units, prices, digits), "kind": kind}
        found[_remote_key(line)] = {
            name: float(value) if isinstance(value, Decimal) else value
            for name, value in values.items()
        }
    return found


def _kinds(order, remote):
    """Return the kind of each line of an update: that of the order's line, which a person may have
    decided, or what it is among the others, so that a bundle and its parts do not leave both."""
    known = {_key_of(line): line for line in reversed(order.line_ids)}
    lines = [known.get(_remote_key(line)) for line in remote.lines]
    look_up = ProductLookUp(order.account_id, order.env)
    products = [
        line.product_id.id if line else of_product["product_id"]
        for line, of_product in zip(lines, look_up.products_of(remote.lines), strict=True)
    ]
    kinds = line_kinds(remote.lines, products, set(order.channel_id.title_ids.mapped("key")))
    return [line.kind if line else kind for line, kind in zip(lines, kinds, strict=True)]


# === WHAT A PERSON DECIDES === #


def apply_changes(orders):
    """Follow the changes of these orders, once; `orders` is sudoed."""
    for order in orders:
        lock_rows(order)
        if order.change_state != "open" or order.status == "cancelled":
            continue
        _change_lines(order, order.channel_changes["lines"])
        order.change_state = "applied"
        order.message_post(body=order.env._("The changes of the channel were applied."))


def keep_changes(orders):
    """Leave these orders as they are; `orders` is sudoed."""
    for order in orders:
        lock_rows(order)
        if order.change_state == "open":
            order.change_state = "kept"
            order.message_post(body=order.env._("The order stays as it was before the changes."))


def _change_lines(order, changes):
    """Give the lines the quantities of the channel, and have the worker move the goods."""
    fewer = {}
    for change in changes:
        lines = order.line_ids.filtered(lambda line, key=change["key"]: _key_of(line) == key)
        pieces = change["new"] - change["old"]
        if min(change["old"], change["new"]) < 0:
            # A coupon or a deposit, which moves no goods.
            for line in lines[:1]:
                _set_quantity(line, change["new"])
        elif pieces > 0:
            _add_pieces(order, lines, pieces, change)
        else:
            fewer |= _take_pieces(lines, -pieces)
    # All quantities of the channel are known now: a line that could not be read is one of them.
    order.line_ids.filtered("is_quantity_unknown").unlink()
    if fewer:
        _take_off(order, fewer)
    resume_deduction(order)


def _add_pieces(order, lines, pieces, change):
    """Add pieces to a line whose goods are still here, otherwise as a line of their own."""
    line = lines.filtered(lambda line: not line.is_deducted)[:1]
    if line:
        _set_quantity(line, line.quantity + pieces)
        return
    values = change["values"]
    of_product = _product_of(lines[:1]) or _find_product(order, values)
    product_id = of_product["product_id"]
    takes_goods = order.stock_state != "none" or order.deducted_at
    if product_id and values["kind"] == NOT_GOODS and values["price_unit"] >= 0:
        values = {**values, "kind": GOODS}
    new = {
        **values,
        "order_id": order.id,
        "company_id": order.company_id.id,
        **of_product,
        "needs_mapping": bool(takes_goods and values["kind"] == GOODS and not product_id),
        "quantity": pieces,
    }
    if change["kind"] != ADDED:
        # The line that was raised has the discount and the tax.
        new |= {"discount": 0, "tax": 0, "subtotal": new["price_unit"] * pieces}
    order.line_ids.create(new)


def _product_of(line):
    """Return the values of a line that say which product it is about, empty without a product."""
    if not line.product_id:
        return {}
    return {name: line[name].id for name in ("product_id", "uom_id", "alias_id")}


def _find_product(order, values):
    line = OrderLine.of_codes(values["sku"], values["barcode"], values["octopus_variant_ref"])
    return ProductLookUp(order.account_id, order.env).products_of([line])[0]


def _take_pieces(lines, pieces):
    """Take pieces off these lines, first where the goods are still here.

    :return: {line: pieces} of those whose goods are to come back
    """
    back = {}
    taken_off = _taken_off(lines.order_id)
    for line in lines.sorted(lambda line: (line.is_deducted, -line.id)):
        taken = min(line.quantity - taken_off.get(line, 0), pieces)
        pieces -= taken
        if taken <= 0:
            continue
        if line.is_deducted:
            back[line] = taken
        elif taken == line.quantity:
            line.unlink()
        else:
            _set_quantity(line, line.quantity - taken)
    return back


def _set_quantity(line, quantity):
    subtotal = line.price_unit * quantity - line.discount
    line.write({"quantity": quantity, "subtotal": subtotal, "is_quantity_unknown": False})


# === PIECES THAT WERE TAKEN OFF === #

# Pieces that left and come back without money: a refund of nothing, so that whatever else comes
# back of the line is counted with them.
TAKEN_OFF = "taken off "


def _take_off(order, pieces):
    """Have the worker restock pieces that the channel took off their lines.

    :param dict pieces: by line
    """
    refunds = order.refund_ids
    number = len(refunds.filtered(lambda refund: refund.octopus_ref.startswith(TAKEN_OFF))) + 1
    refunds.create(
        {
            "order_id": order.id,
            "octopus_ref": f"{TAKEN_OFF}{number}",
            "restock": True,
            "line_ids": [
                Command.create(
                    {
                        "order_line_id": line.id,
                        "octopus_line_ref": line.octopus_ref,
                        "quantity": taken,
                        "restock": True,
                    }
                )
                for line, taken in pieces.items()
            ],
        }
    )
    leave_to_worker(order)


def _taken_off(order):
    """Return {line: pieces} that the channel took off lines after their goods had left."""
    found = {}
    for refund in order.refund_ids:
        if refund.octopus_ref.startswith(TAKEN_OFF):
            for piece in refund.line_ids:
                line = piece.order_line_id
                found[line] = found.get(line, 0) + piece.quantity
    return found


def changed_pieces(order):
    """Yield (line, pieces, price) of what the channel has added to an order or taken off while the
    lines here stay as they were: its goods had left, and a person decides about them.

    The line is empty for what the order did not have before.
    """
    for line, pieces in _taken_off(order).items():
        yield line, -pieces, line.price_unit
    if order.change_state not in ("open", "kept"):
        return
    for change in order.channel_changes["lines"]:
        lines = order.line_ids.filtered(lambda line, key=change["key"]: _key_of(line) == key)
        price = change["values"].get("price_unit", lines[:1].price_unit)
        yield lines[:1], change["new"] - change["old"], price


# === WORDS === #


def changes_text(order):
    """Return what the channel changed as lines of text, old and new; False without changes."""
    changes = order.channel_changes or {}
    lines = [_line_text(order.env, line) for line in changes.get("lines", [])]
    lines += [_text_text(order, text) for text in changes.get("texts", [])]
    return "\n".join(lines) or False


def _line_text(env, line):
    old, new = (format_quantity(env, line[side]) for side in ("old", "new"))
    if line["kind"] == ADDED:
        return env._("Added: %(quantity)s × %(product)s", quantity=new, product=line["name"])
    if line["kind"] == REMOVED:
        return env._("Removed: %(quantity)s × %(product)s", quantity=old, product=line["name"])
    return f"{line['name']}: {old} → {new}"


def _text_text(order, text):
    label = order._fields[text["field"]]._description_string(order.env)
    old, new = (", ".join(text[side].splitlines()) or "–" for side in ("old", "new"))
    return f"{label}: {old} → {new}"
