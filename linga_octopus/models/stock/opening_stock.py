"""Opening stock: a shop that kept its stock in Octopus until now begins with it in Odoo."""

from typing import Any, NamedTuple

from odoo.exceptions import UserError
from odoo.tools import float_compare

from .figures import LocationFigures


class Count(NamedTuple):
    """A product that is counted: what lies there, and what would."""

    difference: Any
    place: Any
    before: float
    after: float


class OpeningStock:
    """Counts products as Octopus had them at the dry run, before Odoo sends any stock.

    :param differences: `octopus.stock.difference` records of dry runs, of a user who may count
    """

    def __init__(self, differences):
        self.env = differences.env
        self._differences = differences

    def check(self):
        """Refuse what cannot be an opening.

        :raise UserError: says in one sentence why, and what to do
        """
        env, differences = self.env, self._differences
        differences.account_id.check_access("write")
        env["stock.quant"].check_access("write")
        if differences.filtered(lambda difference: difference.state != "preview"):
            raise UserError(
                env._(
                    "The opening stock is taken from a dry run. Press Check Stock before the first "
                    "Sync Stocks, and choose what it finds."
                )
            )
        for account in differences.account_id:
            warehouses = account.location_ids.warehouse_id
            if len(account.location_ids.filtered("warehouse_id")) > len(warehouses):
                raise UserError(
                    env._(
                        "Two locations of %s show the stock of one warehouse. Give each a "
                        "warehouse of its own first.",
                        account.name,
                    )
                )

    def plan(self):
        """Return the Counts of the differences whose products can be counted."""
        counts = []
        for location, group in self._differences.grouped("location_id").items():
            place = location.warehouse_id.lot_stock_id
            products = group.product_id.filtered(
                lambda product: product.is_storable and product.tracking == "none"
            )
            figures = LocationFigures(location.sudo()).read_figures(products.ids)
            present = self._present(products, place)
            for difference in group.filtered(lambda each, known=products: each.product_id in known):
                product = difference.product_id
                before = present.get(product, 0.0)
                after = before + _missing(difference, figures[product.id])
                # Less than nothing: the goods lie elsewhere in the warehouse.
                if float_compare(after, 0.0, precision_digits=6) >= 0:
                    counts.append(Count(difference, place, before, after))
        return counts

    def apply(self):
        """Make the inventory adjustments; return the differences whose products were counted."""
        counts = self.plan()
        if counts:
            self._count(counts)
        return self._differences.browse().concat(*(count.difference for count in counts))

    def _present(self, products, place):
        """Return {product: quantity} of what lies in a place itself, without lots or owners."""
        domain = [
            ("product_id", "in", products.ids),
            ("location_id", "=", place.id),
            ("package_id", "=", False),
            ("owner_id", "=", False),
        ]
        found = self.env["stock.quant"]._read_group(domain, ["product_id"], ["quantity:sum"])
        return dict(found)

    def _count(self, counts):
        quants = self.env["stock.quant"].with_context(
            inventory_mode=True, inventory_name=self.env._("Opening stock from Octopus")
        )
        quants.create(
            [
                {
                    "product_id": count.difference.product_id.id,
                    "location_id": count.place.id,
                    "inventory_quantity": count.after,
                }
                for count in counts
            ]
        ).action_apply_inventory()


def _missing(difference, figures):
    """Return by how much Odoo has less to sell than Octopus had."""
    free = figures.on_hand - figures.reserved - figures.expired
    return difference.octopus_quantity * figures.factor - free
