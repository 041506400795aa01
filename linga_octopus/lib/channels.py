"""What is known of a channel by the name that Octopus has for it."""

import re
from zlib import crc32

# The names that people write, by the first word of what Octopus writes.
NAMES = {
    "ALIEXPRESS": "AliExpress",
    "AMAZON": "Amazon",
    "BIGCOMMERCE": "BigCommerce",
    "DOORDASH": "DoorDash",
    "EBAY": "eBay",
    "ETSY": "Etsy",
    "MAGENTO": "Magento",
    "OPENCART": "OpenCart",
    "POS": "Point of Sale",
    "PRESTASHOP": "PrestaShop",
    "SHOPIFY": "Shopify",
    "TIKTOK": "TikTok Shop",
    "UBEREATS": "Uber Eats",
    "WALMART": "Walmart",
    "WOOCOMMERCE": "WooCommerce",
}
# These marketplaces collect and pay the sales tax themselves, in most countries.
TAX_PAYERS = frozenset({"AMAZON", "EBAY", "ETSY", "TIKTOK", "WALMART"})
# Services of marketplaces that store and ship the goods themselves.
OWN_WAREHOUSES = frozenset({"AFN", "FBA", "WFS"})
# The parts of a marketplace, which stay in capitals.
_REGIONS = (
    "AE|AU|BE|BR|CA|CN|DE|EG|ES|EU|FR|GB|IE|IN|IT|JP|MX|NA|NL|PL|SA|SE|SG|TR|UK|US|USA|"
    "B2B|FBA|FBM|MFN|AFN|MWS|POS|WFS"
)
_IN_CAPITALS = frozenset(_REGIONS.split("|"))
# One channel, several spellings.
_SPELLINGS = (
    (re.compile(r"\bTIK[\W_]*TOK(?:[\W_]*SHOPS?)?"), "TIKTOK"),
    (re.compile(r"\bE[\W_]?BAY"), "EBAY"),
    (re.compile(r"\bWAL[\W_]?MART"), "WALMART"),
    (re.compile(r"\bWOO(?:[\W_]*COMMERCE)?\b"), "WOOCOMMERCE"),
    (re.compile(r"\bBIG[\W_]*COMMERCE"), "BIGCOMMERCE"),
    (
        re.compile(rf"\b({'|'.join(NAMES)})(?=(?:{_REGIONS}|SELLER|MARKETPLACE|SHOP)\b)"),
        r"\1 ",
    ),
)
# Colors of Odoo's palette of 11. The most frequent channels have one of their own.
COLORS = {
    "SHOPIFY": 10,
    "AMAZON": 2,
    "WOOCOMMERCE": 11,
    "EBAY": 4,
    "WALMART": 8,
    "ETSY": 1,
    "TIKTOK": 5,
    "BIGCOMMERCE": 7,
    "MAGENTO": 9,
}
PALETTE = 11


def spelled(source):
    """Return what Octopus calls a channel in capitals, with one spelling for each channel."""
    text = re.sub(r"[\s_]+", " ", source.upper()).strip()
    for pattern, name in _SPELLINGS:
        text = pattern.sub(name, text)
    return text


def channel_name(source):
    """Return the name of a channel as people write it."""
    return re.sub(r"(\.?)([^\W_]+)", _word, spelled(source)) or source


def _word(match):
    dot, word = match.groups()
    if dot:  # the end of an address: Amazon.co.uk
        return f"{dot}{word.lower()}"
    return NAMES.get(word) or (word if word in _IN_CAPITALS else word.capitalize())


def pays_tax_itself(source):
    """Return whether the channel is one that collects and pays the sales tax itself."""
    return not TAX_PAYERS.isdisjoint(re.findall(r"[^\W_]+", spelled(source)))


def leaves_elsewhere(source):
    """Return whether the goods of the channel leave from its own warehouse."""
    return not OWN_WAREHOUSES.isdisjoint(re.findall(r"[^\W_]+", spelled(source)))


def channel_color(source):
    """Return the color of a channel, the same in every store: a number from 1 to PALETTE."""
    text = spelled(source)
    own = next((COLORS[word] for word in re.findall(r"[^\W_]+", text) if word in COLORS), None)
    return own or crc32(text.encode()) % PALETTE + 1
