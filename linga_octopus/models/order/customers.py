"""The contacts of online orders: found by the customer number of the channel, e-mail or phone, or
created.

Only the worker links contacts, and there is one: two orders at once never create two contacts.
"""

from odoo.fields import Domain
from odoo.tools import email_normalize, escape_psql, plaintext2html

from ...lib.identity import is_personal_email, is_personal_phone


def link_contacts(orders):
    """Find the contacts of these orders, or create them where the account says so."""
    for account, of_account in orders.grouped("account_id").items():
        if account.contact_policy == "none":
            continue
        known = _known_contacts(account, of_account)
        own_emails, own_phones = _own_addresses(of_account)
        for order in of_account.filtered(lambda order: not order.partner_id):
            # The customers of two channels may have the same number.
            number = order.customer_ref and (order.third_party_name, order.customer_ref)
            partner = known.get(number) or _find_contact(order, own_emails, own_phones)
            if not partner and account.contact_policy == "create":
                partner = create_contact(order)
            if partner:
                order.partner_id = partner
            if number:
                known[number] = partner


def _known_contacts(account, orders):
    """Return the contacts of earlier orders, by channel and customer number."""
    refs = set(orders.mapped("customer_ref")) - {False}
    groups = orders._read_group(
        [
            ("account_id", "=", account.id),
            ("customer_ref", "in", list(refs)),
            ("partner_id", "!=", False),
        ],
        ["third_party_name", "customer_ref"],
        ["partner_id:recordset"],
    )
    return {(channel, ref): partners[:1] for channel, ref, partners in groups}


def _own_addresses(orders):
    """Return the e-mail addresses and the phone numbers of the shop, which channels send where
    they know none of the customer."""
    own = orders.company_id.partner_id | orders.warehouse_id.partner_id
    return set(own.mapped("email_normalized")), own.mapped("phone")


def _find_contact(order, own_emails, own_phones):
    """Return the contact with the customer's e-mail address, else the one with the same phone."""
    partners = order.env["res.partner"]
    company = Domain("company_id", "in", [order.company_id.id, False])
    email, phone = email_normalize(order.email), (order.phone or "").strip()
    if not (email or phone):
        return partners
    if is_personal_email(email, own_emails):
        same = Domain("email_normalized", "=", email)
        if found := partners.search(company & same, limit=1):
            return found
    if is_personal_phone(phone, own_phones):
        # With or without blanks, hyphens, brackets.
        same = Domain("phone_mobile_search", "=", phone)
        return partners.search(company & same, limit=1)
    return partners


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
                order.env._("Customer of %(channel)s", channel=order.channel_id.name or "")
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
