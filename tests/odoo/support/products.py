"""Products here and in the sandbox."""

from .common import OctopusCase


class ProductCase(OctopusCase):
    """A test that compares products of Odoo with those of the sandbox."""

    def remote(self):
        """Return the products of the sandbox by title."""
        return {product["title"]: product for product in self.sandbox.state()["products"]}

    def put(self, title, *variants, **values):
        """Have somebody else make a product in Octopus, and return it."""
        variants = [{"price": "1", **variant} for variant in variants]
        item = {"SV_Temp_ProductId": "x", "title": title, "variants": variants, **values}
        answer = self.sandbox.api(
            "POST",
            "BulkProduct/bulkpost.json",
            json={"entity_type": "Products", "entity_count": 1, "items": [item]},
        )
        assert not answer.json()["errors"]
        return self.remote()[title]

    def change(self, record, **values):
        with self.transaction() as env:
            record.with_env(env).write(values)

    def make_shirt(self, name="Shirt"):
        return self.make_product(
            name,
            attribute_line_ids=self.attribute_line("Size", "S", "M")
            + self.attribute_line("Colour", "Red", "Blue"),
        )
