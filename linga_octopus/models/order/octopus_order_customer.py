from odoo import models
from odoo.fields import Domain
from odoo.tools import email_normalize, escape_psql, plaintext2html

from ...lib.octopus_api import Order, loads

# With fewer digits it is no number that could tell two customers apart.
MIN_PHONE = 5


class OctopusOrder(models.Model):
    """Whose contact an online order belongs to.

    Found by the worker, of which there is one: two orders at once never make two contacts.
    """

    _inherit = "octopus.order"

    def _link_partners(self):
        """Find the contacts of these orders, or make them when the account says so."""
        for account, orders in self.grouped("account_id").items():
            if account.contact_policy == "none":
                continue
            known = orders._known_partners()
            for order in orders.filtered(lambda order: not order.partner_id):
                partner = known.get(order.customer_ref) or order._find_partner()
                if not partner and account.contact_policy == "create":
                    partner = order._make_partner()
                order.partner_id = partner
                if order.customer_ref:
                    known[order.customer_ref] = partner

    def _known_partners(self):
        """Return the contacts of earlier orders by Octopus's customer number."""
        refs = set(self.mapped("customer_ref")) - {False}
        groups = self._read_group(
            [
                ("account_id", "=", self.account_id.id),
                ("customer_ref", "in", list(refs)),
                ("partner_id", "!=", False),
            ],
            ["customer_ref"],
            ["partner_id:recordset"],
        )
        return {ref: partners[:1] for ref, partners in groups}

    def _find_partner(self):
        """Return the contact with the customer's e-mail address, else the one with his phone."""
        self.ensure_one()
        partners = self.env["res.partner"]
        company = Domain("company_id", "in", [self.company_id.id, False])
        email, phone = email_normalize(self.email), (self.phone or "").strip()
        found = email and partners.search(company & Domain("email_normalized", "=", email), limit=1)
        if not found and sum(map(str.isdigit, phone)) >= MIN_PHONE:
            # However it is spelled: with blanks, hyphens, brackets.
            same = Domain("phone_mobile_search", "=", phone)
            found = partners.search(company & same, limit=1)
        return found or partners

    def _make_partner(self):
        self.ensure_one()
        partners = self.env["res.partner"]
        if not self.customer_name:
            return partners
        return partners.create(
            {
                "name": self.customer_name,
                "email": self.email,
                "phone": self.phone,
                "company_id": self.company_id.id,
                # A field of HTML, and a name that anybody may have chosen.
                "comment": plaintext2html(
                    self.env._("Customer of %(channel)s", channel=self.third_party_name)
                ),
                **self._prepare_partner_address(),
            }
        )

    def _prepare_partner_address(self):
        """Return the address of a new contact, as far as Octopus told one."""
        if not self.payload:
            return {}
        remote = Order.from_json(loads(self.payload))
        given = remote.customer.default_address or remote.billing_address or remote.shipping_address
        address = {key: str(value).strip() for key, value in (given or {}).items() if value}
        countries, states = self.env["res.country"], self.env["res.country.state"]
        country = _named(countries, address.get("country_code"), address.get("country"))
        if country:
            here = Domain("country_id", "=", country.id)
            state = _named(states, address.get("province_code"), address.get("province"), here)
        return {
            "street": address.get("address1"),
            "street2": address.get("address2"),
            "city": address.get("city"),
            "zip": address.get("zip"),
            "state_id": state.id if country else False,
            "country_id": country.id,
        }


def _named(places, code, name, domain=Domain.TRUE):
    """Return the place with this code, else the one with this name; empty when there is none."""
    for field, value in (("code", code), ("name", name)):
        found = value and places.search(
            domain & Domain(field, "=ilike", escape_psql(value)), limit=1
        )
        if found:
            return found
    return places
