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
        for order in self:
            if not order.partner_id and order.account_id.contact_policy != "none":
                order.partner_id = order._find_partner() or order._make_partner()

    def _find_partner(self):
        """Return the contact: by Octopus's customer id, else by e-mail, else by phone."""
        self.ensure_one()
        partners = self.env["res.partner"]
        if self.customer_ref:
            known = self.search(
                [
                    ("account_id", "=", self.account_id.id),
                    ("customer_ref", "=", self.customer_ref),
                    ("partner_id", "!=", False),
                ],
                limit=1,
            )
            if known:
                return known.partner_id
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
        if self.account_id.contact_policy != "create" or not self.customer_name:
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
