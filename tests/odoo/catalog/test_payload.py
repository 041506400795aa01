"""Any product gives a payload that the strict sandbox takes, or a named problem."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.addons.linga_octopus.models.catalog.payload import ProductPayload
from odoo.addons.linga_octopus.models.catalog.scope import CatalogScope

from ..support.common import OctopusCase

# Whatever PostgreSQL stores: everything but the zero byte and halves of characters.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300)
MONEY = st.floats(-10, 1e9, allow_nan=False)


class TestOctopusPayload(OctopusCase):
    @settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
    )
    @given(
        name=TEXT,
        description=TEXT,
        sku=TEXT,
        barcode=TEXT,
        tag=TEXT,
        value=TEXT,
        price=MONEY,
        cost=MONEY,
        weight=MONEY,
    )
    def check(self, client, product, **drawn):
        shirt, tag, value = product, product.product_tag_ids, self.values[0]
        tag.name = drawn["tag"]
        value.name = drawn["value"]
        shirt.write({"name": drawn["name"], "list_price": drawn["price"]})
        shirt.public_description = drawn["description"]
        shirt.product_variant_ids[0].write(
            {
                "default_code": drawn["sku"],
                "barcode": drawn["barcode"],
                "standard_price": drawn["cost"],
                "weight": drawn["weight"],
            }
        )
        prepared = ProductPayload(CatalogScope(self.account), shirt).prepare()[shirt.id]
        if prepared.problems:
            assert all(problem.strip() for problem in prepared.problems)
            return
        [item] = client.bulk_products([prepared.item.to_json()]).items.values()
        assert item.error is None, (item.error, drawn)
        remote = client.find_variant(prepared.item.variants[0].sku)
        assert remote, drawn

    def test_any_product(self):
        shirt = self.make_product(
            attribute_line_ids=self.attribute_line("Size", "S", "M"),
            product_tag_ids=self.env["product.tag"].create({"name": "New"}).ids,
        )
        self.values = shirt.attribute_line_ids.value_ids
        with self.account._get_client() as client:
            self.check(client, shirt)
