from odoo import api, fields, models


class QuantChanges:
    """What a batch of transfers takes from and brings to each place, summed up.

    Core updates a quant for each line of each transfer. For the orders that a worker delivers
    together the sums say the same, and each quant is locked and written once.

    :param products: those whose stock is as simple as can be (see `_octopus_is_simple`)
    """

    def __init__(self, products):
        self.product_ids = set(products.ids)
        self.pending = {}


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model
    def _octopus_simple(self, products, location):
        """Return those of these products of which nothing but the quantity in `location` matters:
        no lots, packages or owners, and nothing on a shelf inside it."""
        products = products.filtered(lambda product: product.tracking == "none")
        special = self._read_group(
            [
                ("product_id", "in", products.ids),
                ("location_id", "child_of", location.id),
                *["|", "|", "|", ("location_id", "!=", location.id)],
                *[("lot_id", "!=", False), ("package_id", "!=", False), ("owner_id", "!=", False)],
            ],
            ["product_id"],
        )
        return products - products.browse().union(*(product for [product] in special))

    @api.model
    def _update_available_quantity(
        self,
        product_id,
        location_id,
        quantity=False,
        reserved_quantity=False,
        lot_id=None,
        package_id=None,
        owner_id=None,
        in_date=None,
    ):
        """Override of `stock`: sum up what is done in a batch."""
        changes = self.env.context.get("octopus_quant_changes")
        if changes is None or product_id.id not in changes.product_ids:
            return super()._update_available_quantity(
                product_id,
                location_id,
                quantity=quantity,
                reserved_quantity=reserved_quantity,
                lot_id=lot_id,
                package_id=package_id,
                owner_id=owner_id,
                in_date=in_date,
            )
        if reserved_quantity:
            # The batch's own goods, reserved and released in one breath.
            return 0, in_date
        quants = self.sudo()._gather(
            product_id, location_id, lot_id, package_id, owner_id, strict=True
        )
        key = (product_id, location_id)
        pending = changes.pending.get(key, (quants, 0, None))[1]
        in_date = self._octopus_in_date(quants, pending, location_id, in_date)
        changes.pending[key] = (quants, pending + quantity, in_date)
        on_hand = sum(quants.mapped("quantity")) - sum(quants.mapped("reserved_quantity"))
        return on_hand + pending + quantity, in_date

    def _octopus_in_date(self, quants, pending, location, in_date):
        """Return since when the goods are here, as core says it."""
        dates = [in_date] if in_date else []
        if not location.should_bypass_reservation():
            for position, quant in enumerate(quants):
                quantity = quant.quantity + (0 if position else pending)
                if quant.in_date and quant.product_uom_id.compare(quantity, 0) > 0:
                    dates.append(quant.in_date)
        return min(dates) if dates else fields.Datetime.now()

    @api.model
    def _octopus_apply(self, changes):
        """Write what was summed up: one lock, one write, and one create for what is new."""
        pending, changes.pending = changes.pending, {}
        if not pending:
            return
        firsts = self.union(*(quants[:1] for quants, _quantity, _date in pending.values()))
        # As core does: a quant that somebody else has locked gets a sibling, merged later.
        locked = firsts.try_lock_for_update(allow_referencing=True)
        vals_list = []
        for (product, location), (quants, quantity, in_date) in pending.items():
            quant = quants[:1] & locked
            if quant:
                quant.write({"quantity": quant.quantity + quantity, "in_date": in_date})
            else:
                vals_list.append(
                    {
                        "product_id": product.id,
                        "location_id": location.id,
                        "quantity": quantity,
                        "in_date": in_date,
                    }
                )
        if vals_list:
            # In the environment of the gathered quants, whose cache learns of the new ones.
            self.with_env(quants.env).create(vals_list)
