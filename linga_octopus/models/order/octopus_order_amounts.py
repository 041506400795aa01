from odoo import models

from ...lib.octopus_api import FACILITATOR_SOURCES
from ...orm import rounded


class OctopusOrder(models.Model):
    """What the check total of an order is made of."""

    _inherit = "octopus.order"

    def _prepare_amounts(self, remote, currency):
        """Return the amounts, and what they leave unexplained of Octopus's own total.

        Each is rounded first: what is shown adds up, and a cent that rounding hides is shown. What
        the news of an order that is here already (`self`) leave out stays as it is.
        """
        lines = remote.lines
        digits = currency.decimal_places
        known = self if self and "taxes_included" not in remote.raw else remote
        taxes_included = bool(known.taxes_included)

        def amount_of(name, key, said, by_lines=0):
            if self and key not in remote.raw:
                return rounded(self[name], digits)
            return rounded(by_lines if said is None else said, digits)

        goods = rounded(sum(line.price * line.quantity for line in lines), digits)
        discount = amount_of(
            "amount_discount",
            "total_discounts",
            remote.total_discounts,
            sum(line.total_discount for line in lines),
        )
        tax = amount_of(
            "amount_tax", "total_tax", remote.total_tax, sum(line.tax for line in lines)
        )
        shipping = amount_of("amount_shipping", "shipping_lines", remote.total_shipping)
        tip = amount_of("amount_tip", "total_tip_received", remote.total_tip)
        paid_by_channel = remote.source in FACILITATOR_SOURCES
        added_tax = 0 if paid_by_channel or taxes_included else tax
        explained = goods - discount + shipping + added_tax + tip
        total = remote.total_price
        total = explained if total is None else rounded(total, digits)
        return {
            "check_total": total,
            "amount_subtotal": goods,
            "amount_discount": discount,
            "amount_shipping": shipping,
            "amount_tax": tax,
            "amount_tip": tip,
            "amount_difference": total - explained,
            "taxes_included": taxes_included,
            "is_tax_paid_by_channel": paid_by_channel,
        }
