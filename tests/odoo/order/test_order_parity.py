"""Our batches against core's plain way, one order after the other, on the same random orders.

Every product has a twin with the same stock, lots, cost and reservations. The worker delivers
the orders of the one, a plain picking for each order takes those of the other.
"""

import random

from odoo import Command
from odoo.tests import TransactionCase

from ..support.orders import OrdersMixin

KINDS = {
    "plain": {},
    "average": {"cost": "average"},
    "fifo": {"cost": "fifo"},
    "lot": {"tracking": "lot"},
    "serial": {"tracking": "serial"},
    "shelved": {},
    "uncounted": {"is_storable": False},
}


class TestOctopusOrderParity(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf", "location_id": cls.stock_location.id}
        )
        cls.ours, cls.cores = cls.make_goods_of_all_kinds("A"), cls.make_goods_of_all_kinds("B")
        cls.goods = cls.ours | cls.cores

    @classmethod
    def make_goods_of_all_kinds(cls, side):
        return cls.env["product.product"].union(
            *(cls.make_kind(f"{side}-{kind}", **values) for kind, values in KINDS.items())
        )

    @classmethod
    def make_kind(cls, sku, *, cost="standard", **values):
        category = cls.env["product.category"].create({"name": cost, "property_cost_method": cost})
        return cls.make_goods(sku, categ_id=category.id, standard_price=7, **values)

    def receive(self, product, quantity, price, *, lot=None, location=None):
        """Buy goods at a price."""
        location = location or self.stock_location
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "price_unit": price,
                "location_id": self.suppliers.id,
                "location_dest_id": location.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "picked": True,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "lot_id": lot and lot.id,
                            "location_id": self.suppliers.id,
                            "location_dest_id": location.id,
                            "picked": True,
                        }
                    )
                ],
            }
        )
        move._action_done()

    def stock_up(self, dice):
        """Give both twins of each product the same stock."""
        for kind, pair in zip(KINDS, zip(self.ours, self.cores, strict=True), strict=True):
            if kind == "uncounted":
                continue
            for number in range(dice.randint(1, 3)):
                quantity, price = dice.randint(1, 6), dice.randint(3, 12)
                place = self.shelf if kind == "shelved" and number else self.stock_location
                for product in pair:
                    if kind == "serial":
                        quantity = 1
                    lot = None
                    if product.tracking != "none":
                        lot = self.env["stock.lot"].create(
                            {
                                "name": f"{self.seed}-{number}",
                                "product_id": product.id,
                            }
                        )
                    self.receive(product, quantity, price, lot=lot, location=place)

    def reserve(self, dice):
        """Let somebody else reserve some of both twins."""
        for ours, core in zip(self.ours, self.cores, strict=True):
            quantity = dice.randint(1, 3)
            for product in ours, core:
                move = self.env["stock.move"].create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        "location_id": self.stock_location.id,
                        "location_dest_id": self.customers.id,
                        "picking_type_id": self.warehouse.out_type_id.id,
                    }
                )
                move._action_confirm(merge=False)
                move._action_assign()

    def deliver_plainly(self, lines, warehouse=None):
        """Deliver as core's documentation and interface do: confirm, set quantities, finish."""
        warehouse = warehouse or self.warehouse
        picking_type = warehouse._octopus_order_type()
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": self.customers.id,
                        }
                    )
                    for product, quantity in lines
                ],
            }
        )
        picking.action_confirm()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking._action_done()
        self.assertEqual(picking.state, "done")
        return picking

    def summary(self, products):
        """Return everything that must be the same for both twins, by kind of product."""
        self.env.invalidate_all()
        result = {}
        for kind, product in zip(KINDS, products, strict=True):
            quants = self.env["stock.quant"].search([("product_id", "=", product.id)])
            by_place = {}
            for quant in quants:
                key = quant.location_id.name, quant.lot_id.name
                quantity, reserved = by_place.get(key, (0, 0))
                by_place[key] = quantity + quant.quantity, reserved + quant.reserved_quantity
            moves = self.env["stock.move"].search([("product_id", "=", product.id)], order="id")
            result[kind] = {
                "quants": {key: value for key, value in by_place.items() if any(value)},
                "moves": sorted(
                    (move.location_dest_id.name, move.state, move.quantity, round(move.value, 2))
                    for move in moves
                ),
                "value": round(product.total_value, 2),
                "cost": round(product.standard_price, 2),
            }
        return result

    def test_batches_do_what_core_does_order_by_order(self):
        for seed in range(2):
            with self.subTest(seed=seed):
                self.seed, dice = seed, random.Random(seed)
                self.stock_up(dice)
                self.reserve(dice)
                orders = []
                for _order in range(8):
                    chosen = dice.sample(range(len(KINDS)), dice.randint(1, 4))
                    orders.append([(index, dice.randint(1, 3)) for index in chosen])
                for lines in orders:
                    self.ingest(self.payload({self.ours[i].default_code: q for i, q in lines}))
                self.deduct()
                for lines in orders:
                    self.deliver_plainly([(self.cores[i], q) for i, q in lines])
                ours, cores = self.summary(self.ours), self.summary(self.cores)
                for kind in KINDS:
                    self.assertEqual(ours[kind], cores[kind], kind)
                self.assertFalse(self.orders.search([("stock_state", "!=", "deducted")]))

    # === TWO WAREHOUSES IN ONE BATCH === #

    def stock_of(self, product):
        """Return what there is of a product, in each place, package, and of each owner."""
        self.env.invalidate_all()
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        return {
            (quant.location_id.complete_name, quant.package_id.name, quant.owner_id.name): (
                quant.quantity
            )
            for quant in quants
            if quant.quantity
        }

    def test_what_is_plain_in_one_warehouse_only_is_taken_from_where_it_is(self):
        other = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        second = (self.account.location_ids - self.location)[:1]
        second.warehouse_id = other
        shelf = self.env["stock.location"].create(
            {"name": "Rack", "location_id": other.lot_stock_id.id}
        )
        kinds = {
            "shelf": (shelf, {}),
            "package": (
                other.lot_stock_id,
                {"package_id": self.env["stock.package"].create({"name": "Box"})},
            ),
            "owner": (
                other.lot_stock_id,
                {"owner_id": self.env["res.partner"].create({"name": "Owner"})},
            ),
        }
        twins = {}
        for kind, (place, details) in kinds.items():
            twins[kind] = [self.make_goods(f"{kind}-{side}", stock=3) for side in "AB"]
            for product in twins[kind]:
                self.env["stock.quant"]._update_available_quantity(product, place, 2, **details)
        for ours, _core in twins.values():
            self.ingest(self.payload({ours.default_code: 1}))
            self.ingest(self.payload({ours.default_code: 1}, location_id=second.octopus_ref))
        self.deduct()
        for kind, (ours, core) in twins.items():
            with self.subTest(kind=kind):
                self.deliver_plainly([(core, 1)])
                self.deliver_plainly([(core, 1)], other)
                self.assertEqual(self.stock_of(ours), self.stock_of(core))
        self.assertFalse(self.orders.search([("is_oversold", "=", True)]))

    def test_a_component_is_plain_only_where_its_kit_takes_it_from(self):
        other = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        second = (self.account.location_ids - self.location)[:1]
        second.warehouse_id = other
        shelf = self.env["stock.location"].create(
            {"name": "Rack", "location_id": other.lot_stock_id.id}
        )
        self.env["stock.quant"]._update_available_quantity(self.chair, shelf, 2)
        kit = self.make_goods("SUITE", is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": self.chair.id, "product_qty": 1})],
            }
        )
        self.ingest(self.payload({"CHAIR": 1}))
        self.ingest(self.payload({"SUITE": 1}, location_id=second.octopus_ref))
        self.deduct()
        self.assertEqual(
            self.stock_of(self.chair),
            {
                (self.stock_location.complete_name, False, False): 9,
                (shelf.complete_name, False, False): 1,
            },
        )
