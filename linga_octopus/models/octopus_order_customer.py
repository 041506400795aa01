from odoo import models
from odoo.fields import Domain
from odoo.tools import email_normalize


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
        for name, value in (
            ("email_normalized", email_normalize(self.email)),
            ("phone", self.phone),
        ):
            found = value and partners.search(company & Domain(name, "=", value), limit=1)
            if found:
                return found
        return partners

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
                "comment": self.env._("Customer of %(channel)s", channel=self.third_party_name),
            }
        )
