"""What the documents of an invoiced order say, and whether that is still what the order says."""

from odoo.exceptions import UserError

from ...lib.fingerprint import fingerprint
from ...lib.ledger import PAID, SALE, plain, to_json
from .order_reader import COST, exact, financial_status
from .shop_days import first_open_day, shop_day

DIFFERS = "invoice_differs"
MISSING = "credit_missing"
# Issues of which a person may say that the documents are right as they are.
WRONG = (DIFFERS, MISSING, "not_credited")


def digest_of(posting):
    """Return what stands for the amounts of a posting, or for none."""
    return fingerprint([plain(posting.total), to_json(posting.parts)]) if posting else ""


def invoice_total(posting):
    """Return what the invoice of a posting adds up to: gift cards are a way to pay it."""
    used = (amount for part, amount in posting.parts.items() if part.kind == "gift_card_used")
    return posting.total - sum(used)


def credit_notes(order):
    """Return the credit notes of the invoice of an order, whoever made them."""
    return order.invoice_id.reversal_move_ids.filtered(lambda note: note.state != "cancel")


def open_credits(order, due):
    """Return the credit notes that refunds of an invoiced order need, by key of the ledger: empty,
    or one that somebody has made by hand and that is not paid yet.

    :param due: what the order should have booked if it had no invoice
    """
    taken = _made_by_hand(order, due)
    return {key: note for key, note in taken.items() if not note or note.amount_residual}


def _made_by_hand(order, due):
    """Return the credit notes for refunds that have none of this addon, by key; empty ones, too."""
    notes = credit_notes(order)
    by_hand = notes.filtered(lambda note: not note.octopus_key)
    known = {SALE, *notes.mapped("octopus_key")}
    found = {}
    for key, posting in due.items():
        if key in known or key.startswith(COST) or _is_accepted(order, key, posting):
            continue
        found[key] = _of_total(by_hand, -invoice_total(posting))[:1]
        by_hand -= found[key]
    return found


def _of_total(notes, total):
    return notes.filtered(lambda note: _total(note) == total)


def _total(note):
    return exact(note.amount_total)


def invoice_issue(order, due):
    """Return the issue of an invoiced order whose documents do not say what it says, or None."""
    if order.invoice_id.state == "draft":
        return ["invoice_draft", {}]
    if any(note.state == "draft" for note in credit_notes(order)):
        return ["credit_draft", {}]
    if _has_changed(order, due):
        return [DIFFERS, {}]
    return [MISSING, {}] if open_credits(order, due) else None


def _has_changed(order, due):
    """Return whether the documents add up to something else than the order, without the refunds
    that are still to be credited."""
    sale = due.get(SALE)
    counts_later = not sale and order.check_total and financial_status(order) in PAID
    if counts_later or _is_accepted(order, SALE, sale):
        return False
    notes = credit_notes(order)
    by_hand = {key for key, note in _made_by_hand(order, due).items() if note}
    wanted = by_hand | {SALE, *notes.mapped("octopus_key")}
    documented = exact(order.invoice_id.amount_total) - sum(map(_total, notes))
    return documented != sum(invoice_total(due[key]) for key in wanted & due.keys())


def _is_accepted(order, key, posting):
    """Return whether a person has said that the documents of this posting are right."""
    return (order.invoice_accepted or {}).get(key) == digest_of(posting)


# === CANCELLED AND DELETED DOCUMENTS === #


def take_back(document):
    """Undo what paid a document that is cancelled or about to be deleted. An order whose invoice it
    was is booked with its day again.

    :param document: sudoed record of `account.move` with an online order
    """
    order = document.octopus_order_id
    if document == order.invoice_id:
        if credit_notes(order):
            raise UserError(
                document.env._(
                    "The invoice of this online order has credit notes. Cancel them first."
                )
            )
        order.write({"invoice_id": False, "invoice_accepted": False})
    document.line_ids.remove_move_reconcile()
    payments = document.search(
        [
            ("octopus_order_id", "=", order.id),
            ("octopus_key", "=", document.octopus_key),
            ("move_type", "=", "entry"),
            ("state", "=", "posted"),
            ("reversed_entry_id", "=", False),
            ("reversal_move_ids", "=", False),
        ]
    )
    for payment in payments:
        _reverse(payment, order)


def _reverse(payment, order):
    """Reverse an entry by one of today; what is open of both is reconciled."""
    company, journal = payment.company_id, payment.journal_id
    day = first_open_day(company, journal, shop_day(order.account_id), has_tax=False)
    values = {
        "date": day,
        "ref": payment.ref,
        "octopus_order_id": order.id,
        "octopus_key": payment.octopus_key,
    }
    back = payment._reverse_moves([values])
    back.action_post()
    items = (payment | back).line_ids.filtered(
        lambda item: item.account_id.reconcile and not item.reconciled
    )
    for of_account in items.grouped("account_id").values():
        of_account.reconcile()
