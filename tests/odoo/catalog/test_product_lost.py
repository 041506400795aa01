"""What somebody deleted in Octopus is made again; what is only refused is not doubled."""

from ..support.products import ProductCase

BULK = "/BulkProduct/*"


class TestOctopusProductLost(ProductCase):
    def refuse(self, **options):
        """Have Octopus refuse what is sent."""
        self.sandbox.set_faults([{"path": BULK, "status": 422, **options}])

    def refs(self, template):
        return [str(variant["id"]) for variant in self.remote()[template.name]["variants"]]

    def test_refused_under_its_new_sku_is_not_doubled(self):
        chair = self.make_product(default_code="A")
        self.sync("products")
        binding = chair.octopus_product_ids
        self.change(chair, default_code="B", name="Seat", list_price=20)
        self.refuse()
        assert self.sync("products").state == "partial"
        assert (binding.name, binding.variant_ids.sku) == ("Chair", "A")
        assert float(binding.variant_ids.price) == 10
        self.sandbox.clear_faults()
        assert self.sync("products").state == "done"
        [product] = self.sandbox.state()["products"]
        assert product["title"] == "Seat"
        assert [variant["sku"] for variant in product["variants"]] == ["B"]
        assert binding.octopus_ref == str(product["id"])

    def test_sku_that_another_product_of_octopus_has_too(self):
        self.put("x", {"sku": "A"})
        chair = self.make_product(default_code="B")
        self.sync("products")
        self.change(chair, default_code="A")
        self.refuse()
        self.sync("products")
        self.sandbox.clear_faults()
        assert self.sync("products").state == "done"
        assert sorted(self.remote()) == ["Chair", "x"]

    def test_variant_that_was_deleted_there_is_added_again(self):
        table = self.make_product(
            "Table", attribute_line_ids=self.attribute_line("Wood", "Oak", "Ash")
        )
        self.sync("products")
        binding = table.octopus_product_ids
        ref, [oak, ash] = binding.octopus_ref, self.refs(table)
        self.sandbox.api("DELETE", f"products/{ref}/variants/{oak}.json")
        self.change(table, list_price=30)
        run = self.sync("products")
        assert run.state == "done", run.issue_ids.mapped("message")
        assert str(self.remote()["Table"]["id"]) == ref
        assert len(self.refs(table)) == 2
        assert ash in self.refs(table)
        assert oak not in self.refs(table)
        assert sorted(binding.variant_ids.mapped("octopus_ref")) == sorted(self.refs(table))

    def test_run_ends_where_octopus_calls_missing_what_it_has(self):
        chair = self.make_product()
        self.sync("products")
        self.change(chair, list_price=20)
        for path in ("/products/*", "/variants/*"):
            self.sandbox.set_faults(
                [
                    {"path": BULK, "status": 422},
                    {"method": "PUT", "path": path, "status": 404},
                ]
            )
            assert self.sync("products").state == "partial"
        self.sandbox.clear_faults()
        assert self.sync("products").state == "done"
        assert len(self.sandbox.state()["products"]) == 1

    def test_doubt_outlives_what_was_certainly_not_done(self):
        self.make_product()
        self.make_product("Lamp")
        self.sandbox.set_faults(
            [
                {"path": BULK, "status": 422, "times": 1},
                {"path": BULK, "alter": "missing", "after": 1, "times": 1},
                {"path": BULK, "status": 429, "after": 2, "times": 1},
            ]
        )
        run = self.sync("products")
        assert run.state == "waiting"
        self.resume(run)
        assert run.state == "done"
        assert sorted(p["title"] for p in self.sandbox.state()["products"]) == ["Chair", "Lamp"]
