"""The contacts of online orders: found by Octopus's customer number, e-mail or phone, or created.

Only the worker links contacts, and there is one: two orders at once never create two contacts.
"""

from odoo.fields import Domain
from odoo.tools import email_normalize, escape_psql, plaintext2html

# A phone with fewer digits cannot tell two customers apart.
MIN_PHONE = 5


def link_contacts(orders):
    """Find the contacts of these orders, or create them where the account says so."""
    for account, of_account in orders.grouped("account_id").items():
        if account.contact_policy == "none":
            continue
        known = _known_contacts(account, of_account)
        for order in of_account.filtered(lambda order: not order.partner_id):
            partner = known.get(order.customer_ref) or _find_contact(order)
            if not partner and account.contact_policy == "create":
                partner = create_contact(order)
            if partner:
                order.partner_id = partner
            if order.customer_ref:
                known[order.customer_ref] = partner


def _known_contacts(account, orders):
    """Return the contacts of earlier orders by Octopus's customer number."""
    refs = set(orders.mapped("customer_ref")) - {False}
    groups = orders._read_group(
        [
            ("account_id", "=", account.id),
            ("customer_ref", "in", list(refs)),
            ("partner_id", "!=", False),
        ],
        ["customer_ref"],
        ["partner_id:recordset"],
    )
    return {ref: partners[:1] for ref, partners in groups}


def _find_contact(order):
    """Return the contact with the customer's e-mail address, else the one with the same phone."""
    partners = order.env["res.partner"]
    company = Domain("company_id", "in", [order.company_id.id, False])
    email, phone = email_normalize(order.email), (order.phone or "").strip()
    found = email and partners.search(company & Domain("email_normalized", "=", email), limit=1)
    if not found and sum(map(str.isdigit, phone)) >= MIN_PHONE:
        # With or without blanks, hyphens, brackets.
        same = Domain("phone_mobile_search", "=", phone)
        found = partners.search(company & same, limit=1)
    return found or partners


def create_contact(order):
    """Create the contact of an order's customer, and return it; none without a name."""
    partners = order.env["res.partner"]
    if not order.customer_name:
        return partners
    return partners.create(
        {
            "name": order.customer_name,
            "email": order.email,
            "phone": order.phone,
            "company_id": order.company_id.id,
            # The field holds HTML, and the name of the channel is not to be trusted.
            "comment": plaintext2html(
                order.env._("Customer of %(channel)s", channel=order.third_party_name)
            ),
            **_prepare_address(order),
        }
    )


def _prepare_address(order):
    address = order.customer_address or {}
    countries, states = order.env["res.country"], order.env["res.country.state"]
    country = _find_place(countries, address.get("country_code"), address.get("country"))
    state = states
    if country:
        here = Domain("country_id", "=", country.id)
        state = _find_place(states, address.get("state_code"), address.get("state"), here)
    return {
        "street": address.get("street"),
        "street2": address.get("street2"),
        "city": address.get("city"),
        "zip": address.get("zip"),
        "state_id": state.id,
        "country_id": country.id,
    }


def _find_place(places, code, name, domain=Domain.TRUE):
    """Return the place with this code, else the one with this name; empty when there is none."""
    for field, value in (("code", code), ("name", name)):
        found = value and places.search(
            domain & Domain(field, "=ilike", escape_psql(value)), limit=1
        )
        if found:
            return found
    return places
