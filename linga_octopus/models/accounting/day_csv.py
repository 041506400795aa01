"""The entries of a day as CSV, for books that are kept elsewhere."""

import csv
import io

HEADER = (
    *("Date", "Journal", "Entry", "Reference", "Account", "Account Name", "Label"),
    *("Debit", "Credit", "Currency", "Amount in Currency", "Taxes", "Tax Tags", "Tax Base"),
)
# A cell that begins so would be a formula in a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of_day(day):
    """Return (file name, text) of the posted entries of a day.

    :param day: record of `octopus.booking.day`
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for move in day.move_ids.sorted("id"):
        for item in move.line_ids.sorted("id"):
            writer.writerow(_row(move, item))
    return f"{day._title().replace(' ', '-')}.csv", out.getvalue()


def _row(move, item):
    digits, own = item.currency_id.decimal_places, item.company_currency_id.decimal_places
    return [
        move.date.isoformat(),
        _safe(move.journal_id.code),
        _safe(move.name),
        _safe(move.ref),
        _safe(item.account_id.code),
        _safe(item.account_id.name),
        _safe(item.name),
        f"{item.debit:.{own}f}",
        f"{item.credit:.{own}f}",
        item.currency_id.name,
        f"{item.amount_currency:.{digits}f}",
        _safe(", ".join((item.tax_ids or item.tax_line_id).mapped("name"))),
        _safe(", ".join(item.tax_tag_ids.mapped("name"))),
        f"{item.tax_base_amount:.{own}f}",
    ]


def _safe(text):
    text = text or ""
    return f"'{text}" if text.startswith(FORMULA) else text
