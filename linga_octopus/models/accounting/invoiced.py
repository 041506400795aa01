"""Whether the invoice of an order still says what the order says."""

from ...lib.ledger import SALE
from .order_reader import COST, exact


def credit_ref(order, key):
    """Return the reference of the credit note of a refund or cancellation."""
    return f"{order.display_name} {key.partition(':')[2] or key}".strip()


def open_credits(order, due):
    """Return the keys of an invoiced order that have no credit note yet.

    :param due: what the order should have booked if it had no invoice
    """
    known = set(order.invoice_id.reversal_move_ids.mapped("ref"))
    keys = [key for key in due if key != SALE and not key.startswith(COST)]
    return [key for key in keys if credit_ref(order, key) not in known]


def invoice_issue(order, due):
    """Return the issue of an invoiced order that has changed since, or None."""
    if SALE in due and _invoiced(order, due) != invoice_total(due[SALE]):
        return ["invoice_differs", {}]
    return ["credit_missing", {}] if open_credits(order, due) else None


def _invoiced(order, due):
    """Return what was invoiced, less the credit notes that somebody made for corrections."""
    refs = {credit_ref(order, key) for key in due}
    notes = order.invoice_id.reversal_move_ids.filtered(
        lambda note: note.state == "posted" and note.ref not in refs
    )
    return exact(order.invoice_id.amount_total) - sum(exact(note.amount_total) for note in notes)


def invoice_total(posting):
    """Return what the invoice of a posting adds up to: gift cards are a way to pay it."""
    used = (amount for part, amount in posting.parts.items() if part.kind == "gift_card_used")
    return posting.total - sum(used)
