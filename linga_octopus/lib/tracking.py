"""Tracking numbers: their links, and how people scan or paste them.

Pure functions: no Odoo, no database.
"""

import re
from typing import NamedTuple
from urllib.parse import quote

# The links of carriers, by a word of their name.
TRACKING_LINKS = {
    "dhl": "https://www.dhl.com/en/express/tracking.html?AWB={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "dpd": "https://tracking.dpd.de/parcelstatus?query={}",
    "gls": "https://gls-group.com/track/{}",
    "evri": "https://www.evri.com/track/parcel/{}",
    "hermes": "https://www.myhermes.de/empfangen/sendungsverfolgung/?suche={}",
    "colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "correos": "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={}",
    "postnl": "https://jouw.postnl.nl/track-and-trace/{}",
    "royal mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
}
_NUMBER_ENDS = re.compile(r"[,;\s]+")
_CELL_ENDS = re.compile(r"[\t;,]+")


def tracking_link(carrier, number, template=""):
    """Return the link of a tracking number; empty when the carrier is not known.

    :param template: the link as the carrier in Odoo has it
    """
    if template and "<shipmenttrackingnumber>" in template:
        return template.replace("<shipmenttrackingnumber>", quote(number, safe=""))
    words = f" {re.sub(r'[^a-z]+', ' ', (carrier or '').lower())} "
    found = (link for word, link in TRACKING_LINKS.items() if f" {word} " in words)
    return next(found, "").format(quote(number, safe=""))


def split_numbers(text):
    """Return the tracking numbers of a text, each once: between commas, blanks or lines."""
    return tuple(dict.fromkeys(filter(None, _NUMBER_ENDS.split(text or ""))))


class PastedNumber(NamedTuple):
    """A number that was scanned or pasted. ``at``: the place of its order"""

    at: int
    carrier: str
    number: str


def pasted_numbers(text, orders, carriers=(), taken=()):
    """Return the PastedNumbers of a text, and the lines for which there is no order.

    A line has a number, as a rule after an order, and perhaps a carrier; an order alone is that
    of the numbers below it. Numbers without an order go to the orders one by one.

    :param orders: of each order, the texts that name it
    :param carriers: names that are no numbers
    :param taken: the places of the orders that have a number already
    """
    by_name = {name.casefold(): at for at, names in enumerate(orders) for name in names if name}
    known = {name.casefold(): name for name in carriers}
    found, unknown, current = [], [], None
    free = [at for at in range(len(orders)) if at not in taken]
    for line in (text or "").splitlines():
        named, carrier, numbers = None, "", []
        for cell in filter(None, map(str.strip, _CELL_ENDS.split(line))):
            key = cell.casefold()
            if key in by_name or key.lstrip("#") in by_name:
                named = by_name.get(key, by_name.get(key.lstrip("#")))
            elif key in known:
                carrier = known[key]
            else:
                numbers.append(cell)
        current = named if named is not None else current
        if not numbers:
            continue
        at = current if current is not None else next(iter(free), None)
        if at is None:
            unknown.append(line.strip())
            continue
        free = [place for place in free if place != at]
        found += [PastedNumber(at, carrier, number) for number in numbers]
    return found, unknown
