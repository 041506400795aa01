from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.models.catalog.payload import ProductPayload
from odoo.addons.linga_octopus.models.catalog.scope import CatalogScope
from odoo.addons.linga_octopus.tests.support.orders import OrdersMixin


class TestExample(OrdersMixin, TransactionCase):
    def sent(self, template):
        """Return the product as Octopus would get it."""
        scope = CatalogScope(self.account)
        return ProductPayload(scope, template).prepare()[template.id].item.to_json()

    def test_a_field_of_a_product_and_of_its_variant(self):
        template = self.chair.product_tmpl_id
        template.write({"material": "oak", "volume": 0.4})
        item = self.sent(template)
        self.assertEqual((item["material"], item["title"]), ("oak", "Chair"))
        self.assertEqual(item["variants"][0]["volume"], 0.4)
        self.assertEqual(item["variants"][0]["sku"], "CHAIR")

    def test_a_field_of_a_category_is_sent_again_when_it_changes(self):
        category = self.env["pos.category"].create({"name": "Chairs"})
        self.assertEqual(category._octopus_extra_values(), {"sort_order": "manual"})
        sent = category._octopus_hash()
        category.octopus_sort_order = "price"
        self.assertNotEqual(category._octopus_hash(), sent)

    def test_a_field_of_an_order_is_read_and_followed(self):
        payload = self.payload({"CHAIR": 1}, gift_message="Happy Birthday")
        order = self.ingest(payload)
        self.assertEqual(order.gift_message, "Happy Birthday")
        self.ingest(self.changed(payload, gift_message="Good luck"))
        self.assertEqual(order.gift_message, "Good luck")

    def test_an_update_that_does_not_state_it_leaves_it(self):
        payload = self.payload({"CHAIR": 1}, gift_message="Happy Birthday")
        order = self.ingest(payload)
        del payload["gift_message"]
        self.ingest(self.changed(payload, note="Ring twice"))
        self.assertEqual((order.gift_message, order.note), ("Happy Birthday", "Ring twice"))
