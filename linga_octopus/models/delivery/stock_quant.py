from odoo import api, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

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
        """Override of `stock` to sum up the changes of a batch."""
        batch = self.env.context.get("octopus_quant_batch")
        if batch is None or product_id.id not in batch.product_ids:
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
            # The goods of the batch are reserved and released in the same step.
            return 0, in_date
        quants = self.sudo()._gather(
            product_id, location_id, lot_id, package_id, owner_id, strict=True
        )
        return batch.add(quants, product_id, location_id, quantity, in_date)
