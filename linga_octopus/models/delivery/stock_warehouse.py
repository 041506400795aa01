from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    octopus_order_type_id = fields.Many2one(
        "stock.picking.type",
        "Online Orders",
        readonly=True,
        copy=False,
        check_company=True,
        help="The operation type of the deliveries of online orders.",
    )

    def _octopus_order_type(self):
        """Return the operation type of online orders, which is created at its first use.

        It is a type of its own because it must not ask for lots and serial numbers: an online
        order is accepted already, and its goods are deducted even when it is not known which
        piece it will be. The type for returns neither.
        """
        self.ensure_one()
        # A cashier who cancels an order may not configure the warehouse.
        warehouse_sudo = self.sudo()
        if not warehouse_sudo.octopus_order_type_id:
            warehouse_sudo.octopus_order_type_id = warehouse_sudo._octopus_create_order_type()
        return warehouse_sudo.octopus_order_type_id

    def _octopus_create_order_type(self):
        customers = self.env.ref("stock.stock_location_customers")
        common = {
            "warehouse_id": self.id,
            "company_id": self.company_id.id,
            "reservation_method": "manual",
            "use_create_lots": False,
            "use_existing_lots": False,
        }
        types = self.env["stock.picking.type"]
        returns = types.create(
            {
                **common,
                "name": self.env._("Online Order Returns"),
                "code": "incoming",
                "sequence_code": "ONR",
                "default_location_src_id": customers.id,
                "default_location_dest_id": self.lot_stock_id.id,
            }
        )
        return types.create(
            {
                **common,
                "name": self.env._("Online Orders"),
                "code": "outgoing",
                "sequence_code": "ONL",
                "default_location_src_id": self.lot_stock_id.id,
                "default_location_dest_id": customers.id,
                "return_picking_type_id": returns.id,
            }
        )
