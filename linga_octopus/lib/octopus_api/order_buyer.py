"""The business that bought an order: its VAT number and its name, where the channel states them.

Octopus has no field for the VAT number. Channels and their apps send it with the customer, with the
billing address, or as a note attribute that the checkout asked for.
"""

import re
from dataclasses import dataclass

from .orders import Order
from .parsing import as_words

PLACES = ("customer", "billing_address", "shipping_address")
VAT_KEYS = ("vat_number", "vat_id", "vat", "tax_number", "tax_id", "tax_identification_number")
# Names of note attributes, with all but letters left out.
VAT_NAMES = re.compile(
    r"(billing)?(eu)?(company)?"
    r"(vat(no|nr|id|number|regnumber)?|taxid|taxnumber|ustid(nr)?|umsatzsteuerid|tvanumero"
    r"|numerotva|tva|partitaiva|piva|btw(nummer)?|nif|cif|gstin|abn|rfc)"
)
NO_LETTER = re.compile(r"[^a-z]")
SEPARATORS = re.compile(r"[\s.\-/]")
# Two letters of a country or none, and at least six digits and letters.
VAT_NUMBER = re.compile(r"[A-Z]{0,3}[0-9A-Z]{6,14}")
DIGITS = re.compile(r"[0-9]")
MIN_VAT_DIGITS = 5


@dataclass(frozen=True)
class OrderBuyer:
    """``vat_number`` without blanks, in capitals, and ``company``; empty when unknown."""

    vat_number: str = ""
    company: str = ""

    @classmethod
    def from_json(cls, payload):
        """Return the OrderBuyer of an order as Octopus sends it.

        :raise InvalidOrder: it is no order
        """
        data = Order.payloads(payload)[0]
        places = [data.get(place) for place in PLACES]
        places = [place for place in (*places, data) if isinstance(place, dict)]
        numbers = [place.get(key) for place in places for key in VAT_KEYS]
        numbers += _attributes(data.get("note_attributes"))
        companies = (_text(place.get("company")) for place in places)
        return cls(
            vat_number=next(filter(None, map(_number, numbers)), ""),
            company=next(filter(None, companies), ""),
        )


def _attributes(attributes):
    """Return the values of note attributes that are called a VAT number."""
    if isinstance(attributes, dict):
        attributes = [{"name": name, "value": value} for name, value in attributes.items()]
    if not isinstance(attributes, list):
        return []
    return [
        entry.get("value")
        for entry in attributes
        if isinstance(entry, dict)
        and VAT_NAMES.fullmatch(NO_LETTER.sub("", _text(entry.get("name")).lower()))
    ]


def _number(value):
    number = SEPARATORS.sub("", _text(value)).upper()
    is_number = VAT_NUMBER.fullmatch(number) and len(DIGITS.findall(number)) >= MIN_VAT_DIGITS
    return number if is_number else ""


def _text(value):
    try:
        return as_words(value) or ""
    except (ValueError, TypeError):
        return ""
