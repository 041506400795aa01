"""Products that Octopus sells in a packaging: prices, weight and stock out, orders in."""

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.models.stock.figures import LocationFigures

from ..support.orders import OrdersMixin


class TestOctopusPackaging(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box = cls.env["uom.uom"].create(
            {"name": "Box of 6", "relative_factor": 6, "relative_uom_id": cls.chair.uom_id.id}
        )
        cls.template = cls.chair.product_tmpl_id
        cls.template.write(
            {"uom_ids": cls.box.ids, "list_price": 2.5, "weight": 0.4, "standard_price": 1}
        )

    def sell_in_boxes(self):
        with self.transaction() as env:
            self.template.with_env(env).octopus_uom_id = self.box.id

    def remote_variant(self):
        run = self.sync("products")
        assert run.state == "done", (run.message, run.issue_ids.mapped("message"))
        products = {product["title"]: product for product in self.sandbox.state()["products"]}
        return products["Chair"]["variants"][0]

    def number(self):
        self.env.flush_all()
        return LocationFigures(self.location).read_figures(self.chair.ids)[self.chair.id].number

    def test_prices_and_weight_are_those_of_the_packaging(self):
        self.chair.barcode = "4006381333931"
        piece = self.remote_variant()
        assert (float(piece["price"]), float(piece["weight"])) == (2.5, 0.4)
        self.sell_in_boxes()
        box = self.remote_variant()
        assert (float(box["price"]), float(box["cost_price"])) == (15, 6)
        assert float(box["weight"]) == 2.4
        assert (box["sku"], box["barcode"]) == ("CHAIR", ""), "the barcode is that of one piece"
        self.env["product.uom"].create(
            {"product_id": self.chair.id, "uom_id": self.box.id, "barcode": "4006381333948"}
        )
        with self.transaction() as env:
            self.template.with_env(env).weight = 0.5
        assert self.remote_variant()["barcode"] == "4006381333948"

    def test_weights_in_the_unit_that_the_store_chose(self):
        self.account.weight_unit = "g"
        variant = self.remote_variant()
        assert (float(variant["weight"]), variant["weight_unit"]) == (400, "g")

    def test_only_whole_packagings_are_published(self):
        assert self.number() == 10
        self.template.octopus_uom_id = self.box
        assert self.number() == 1
        self.env["stock.quant"]._update_available_quantity(self.chair, self.stock_location, 8)
        assert self.number() == 3
        self.account.stock_buffer = 1
        assert self.number() == 2

    def test_an_order_takes_the_pieces_of_what_octopus_sells(self):
        self.sell_in_boxes()
        ref = str(self.remote_variant()["id"])
        payload = self.payload({"CHAIR": 1})
        payload["line_items"][0]["variant_id"] = ref
        order = self.ingest(payload)
        self.deduct()
        assert order.line_ids.uom_id == self.box
        assert order.line_ids.quantity == 1
        assert self.on_hand(self.chair) == 4
        # By the SKU alone, too.
        other = self.ingest(self.payload({"CHAIR": 2}))
        self.deduct()
        assert other.line_ids.uom_id == self.box
        assert self.on_hand(self.chair) == -8

    def test_orders_are_of_what_octopus_was_told_last(self):
        self.remote_variant()
        self.template.octopus_uom_id = self.box
        order = self.ingest(self.payload({"CHAIR": 1}))
        self.deduct()
        assert not order.line_ids.uom_id
        assert self.on_hand(self.chair) == 9

    def test_a_packaging_is_made_of_the_unit(self):
        kilo = self.env.ref("uom.product_uom_kgm")
        with self.assertRaisesRegex(ValidationError, "cannot be converted"):
            self.template.octopus_uom_id = kilo
