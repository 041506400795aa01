"""Whatever an item for Octopus is made of: when it changes, the product is compared again."""

from odoo.fields import Command

from odoo.addons.linga_octopus.models.catalog import product_run
from odoo.addons.linga_octopus.models.catalog.payload import ProductPayload
from odoo.addons.linga_octopus.models.catalog.scope import (
    SHARED_FIELDS,
    SHARED_MODELS,
    CatalogScope,
)

from ..support.products import ProductCase

# A store belongs to one company for good, and its categories are no part of an item.
OTHERS = {"company_id", "category_source"}


class TestOctopusCompared(ProductCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box = cls.env["uom.uom"].create(
            {
                "name": "Box",
                "relative_factor": 6,
                "relative_uom_id": cls.env.ref("uom.product_uom_unit").id,
            }
        )
        vendor = cls.env["res.partner"].create({"name": "Vendor"})
        category = cls.env["product.category"].create(
            {
                "name": "Seats",
                "product_properties_definition": [
                    {"name": "0a0a", "string": "Care", "type": "char"}
                ],
            }
        )
        tag = cls.env["product.tag"].create({"name": "New"})
        cls.chair = cls.make_product(
            attribute_line_ids=cls.attribute_line("Size", "S", "M"),
            categ_id=category.id,
            description_sale="Sturdy",
            product_properties={"0a0a": "Wash cold"},
            product_tag_ids=tag.ids,
            seller_ids=[Command.create({"partner_id": vendor.id})],
            taxes_id=cls.env["account.tax"].create({"name": "7", "amount": 7}).ids,
            uom_ids=cls.box.ids,
            octopus_uom_id=cls.box.id,
        )
        cls.variant = cls.chair.product_variant_ids[0]
        cls.barcode = cls.env["product.uom"].create(
            {"product_id": cls.variant.id, "uom_id": cls.box.id, "barcode": "4006381333948"}
        )
        pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Online",
                "item_ids": [Command.create({"compute_price": "percentage", "percent_price": 5})],
            }
        )
        cls.account.write(
            {
                "pricelist_id": pricelist.id,
                "msrp_pricelist_id": pricelist.id,
                "compare_at_source": "list",
                "detail_attribute_ids": cls.chair.attribute_line_ids.attribute_id.ids,
                "detail_properties": "Care",
                "detail_tag_ids": tag.ids,
            }
        )

    def read_fields(self):
        """Return the fields that are read to make the item of the product."""
        self.env.flush_all()
        self.env.invalidate_all()
        account = self.account.with_context(prefetch_fields=False)
        prepared = ProductPayload(CatalogScope(account), self.chair).prepare()[self.chair.id]
        assert prepared.item, prepared.problems
        return set(self.env.transaction.field_data)

    def test_all_models_that_an_item_is_made_of_are_compared(self):
        models = {field.model_name for field in self.read_fields() if field.store}
        parts = (
            product_run.VARIANT_MOMENTS,
            product_run.OTHER_MOMENTS,
            product_run.PACKAGING_STAMPS,
        )
        words = {"product_template", *" ".join(parts).split()}
        stamped = {name for name in models if self.env[name]._table in words}
        assert models - stamped - set(SHARED_MODELS) == {"octopus.account"}

    def test_all_settings_that_an_item_is_made_of_are_compared(self):
        fields = self.read_fields()
        read = {field.name for field in fields if field.model_name == "octopus.account"}
        assert read - set(SHARED_FIELDS) == OTHERS

    def test_the_barcode_of_a_packaging_goes_out_by_itself(self):
        self.sync("products")
        self.change(self.barcode, barcode="4006381333955")
        self.sync("products")
        variants = self.remote()["Chair"]["variants"]
        assert "4006381333955" in {variant["barcode"] for variant in variants}
        with self.transaction() as env:
            self.barcode.with_env(env).unlink()
        self.sync("products")
        assert not any(variant["barcode"] for variant in self.remote()["Chair"]["variants"])
