"""Which phone numbers and e-mail addresses tell who ordered, and which are nobody's.

Channels send placeholders where they know nothing, and numbers and addresses of their own that
pass calls and mails on. Two orders with the same one of these are not of the same customer.
"""

import re

# A phone with fewer digits cannot tell two customers apart.
MIN_DIGITS = 7
# The same number with and without country code ends in the same digits.
COMPARED_DIGITS = 9
# Their addresses stand in place of the customer's.
RELAY_DOMAINS = re.compile(
    r"""(.+\.)?(
        marketplace\.amazon\.[a-z.]+ | members\.ebay\.[a-z.]+ | relay\.walmart\.com
      | scs\.tiktokw?\.[a-z]+ | privaterelay\.appleid\.com | mozmail\.com | relay\.firefox\.com
      | invalid
    )""",
    re.VERBOSE,
)
NOBODY = re.compile(
    r"(no|do[._-]?not|dont)[._-]?(reply|respond|e?mail)([._+-].*)?"
    r"|nobody|none|null|unknown|guest|anonymous"
)
# A relay or a switchboard tells its callers apart by the digits behind it.
EXTENSION = re.compile(r"(ext|extn|extension|x|#|;ext=)[\s.:]*\d+", re.IGNORECASE)
RUNS = ("0123456789" * 2, "9876543210" * 2)


def is_personal_phone(phone, own=()):
    """Return whether a phone number tells who somebody is.

    :param own: phone numbers of the shop
    """
    digits = _digits(phone)
    if len(digits) < MIN_DIGITS or EXTENSION.search(phone):
        return False
    if digits[-COMPARED_DIGITS:] in (_digits(number)[-COMPARED_DIGITS:] for number in own):
        return False
    # Placeholders are such as +1 000 000 0000, 5555555 and 1234567890.
    last = digits[-MIN_DIGITS:]
    return len(set(last)) > 1 and not any(last in run for run in RUNS)


def is_personal_email(email, own=()):
    """Return whether an e-mail address tells who somebody is.

    :param email: normalized, or empty
    :param own: normalized e-mail addresses of the shop
    """
    local, _at, domain = (email or "").rpartition("@")
    is_relayed = RELAY_DOMAINS.fullmatch(domain)
    return bool(local) and email not in own and not is_relayed and not NOBODY.fullmatch(local)


def _digits(phone):
    """Return the digits of a phone number, without the zeros that it begins with."""
    return re.sub(r"\D", "", phone or "").lstrip("0")
