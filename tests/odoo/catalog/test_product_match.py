"""What Octopus has of ours is found, whatever its group and its SKU: nothing is made twice."""

from ..support.products import ProductCase

SIZES = [{"name": "Size", "position": 1, "values": ["S", "M"]}]


class TestOctopusProductMatch(ProductCase):
    def put_shirt(self):
        """Have Octopus hold one product of two variants."""
        return self.put(
            "Shirt",
            {"sku": "TS-S", "option1": "S"},
            {"sku": "TS-M", "option1": "M"},
            options=SIZES,
        )

    def make_shirts(self):
        """Return the same as two products."""
        return [self.make_product(sku, default_code=sku) for sku in ("TS-S", "TS-M")]

    def assert_left_alone(self, run, before):
        assert run.state == "partial"
        assert "Group them alike" in "".join(run.issue_ids.mapped("message"))
        assert self.sandbox.state()["products"] == before

    # === OTHER GROUPS === #

    def test_two_products_here_are_one_there(self):
        self.put_shirt()
        before = self.sandbox.state()["products"]
        small, medium = self.make_shirts()
        run = self.sync("products")
        self.assert_left_alone(run, before)
        assert run.failed == 2
        assert set(run.issue_ids.mapped("res_id")) == {small.id, medium.id}
        self.assert_left_alone(self.sync("products"), before)
        self.change(medium, default_code="M-2")
        assert self.sync("products").state == "done"
        assert sorted(self.remote()) == ["TS-M", "TS-S"]

    def test_one_product_here_is_two_there(self):
        self.put("One", {"sku": "TS-S"})
        two = self.put("Two", {"sku": "TS-M"})
        before = self.sandbox.state()["products"]
        shirt = self.make_product("Shirt", attribute_line_ids=self.attribute_line("Size", "S", "M"))
        for variant, sku in zip(shirt.product_variant_ids, ("TS-S", "TS-M"), strict=True):
            variant.default_code = sku
        self.assert_left_alone(self.sync("products"), before)
        self.sandbox.api("DELETE", f"products/{two['id']}.json")
        assert self.sync("products").state == "done"
        assert list(self.remote()) == ["Shirt"]

    def test_found_by_its_barcode_in_the_product_of_another(self):
        self.put(
            "Shirt",
            {"sku": "TS-S", "option1": "S"},
            {"sku": "x", "barcode": "4006381333931", "option1": "M"},
            options=SIZES,
        )
        before = self.sandbox.state()["products"]
        self.make_product("TS-S", default_code="TS-S")
        self.make_product("TS-M", barcode="4006381333931")
        for _time in range(2):
            self.assert_left_alone(self.sync("products"), before)

    def test_later_product_is_a_variant_of_a_known_one_there(self):
        chair = self.make_product(default_code="A")
        self.sync("products")
        ref = chair.octopus_product_ids.octopus_ref
        variants = [
            {"sku": "A", "price": "1", "option1": "S"},
            {"sku": "NEW", "price": "1", "option1": "M"},
        ]
        answer = self.sandbox.api(
            "PUT",
            f"products/{ref}.json",
            json={"product": {"options": SIZES, "variants": variants}},
        )
        assert answer.ok
        lamp = self.make_product("Lamp", default_code="NEW")
        run = self.sync("products")
        assert (run.state, run.issue_ids.res_id) == ("partial", lamp.id)
        assert list(self.remote()) == ["Chair"]
        assert chair.octopus_product_ids.state == "synced"

    def test_two_of_octopus_have_the_sku(self):
        first = self.put("One", {"sku": "A"})
        self.put("Two", {"sku": "A"})
        chair = self.make_product(default_code="A")
        assert self.sync("products").state == "done"
        assert sorted(self.remote()) == ["Chair", "Two"]
        assert chair.octopus_product_ids.octopus_ref == str(first["id"])

    def test_blanks_around_a_sku(self):
        first = self.put("One", {"sku": "A"})
        second = self.put("Two", {"sku": "x", "barcode": "4006381333931"})
        chair = self.make_product(default_code=" A\t")
        lamp = self.make_product("Lamp", barcode="4006381333931 ")
        run = self.sync("products")
        assert run.state == "done", run.issue_ids.mapped("message")
        assert chair.octopus_product_ids.octopus_ref == str(first["id"])
        assert lamp.octopus_product_ids.octopus_ref == str(second["id"])
        twin = self.make_product("Twin", default_code="A")
        run = self.sync("products")
        assert run.issue_ids.res_id == twin.id
        assert "Several products have the SKU A" in run.issue_ids.message

    def test_sku_handed_on_to_a_new_product(self):
        chair = self.make_product(default_code="A")
        self.sync("products")
        self.change(chair, default_code="B")
        self.make_product("Lamp", default_code="A")
        assert self.sync("products").state == "done"
        skus = {title: p["variants"][0]["sku"] for title, p in self.remote().items()}
        assert skus == {"Chair": "B", "Lamp": "A"}

    # === CHANGED WHILE THE ANSWER WAS MISSING === #

    def lose_answer(self, **values):
        """Change a product whose create got no answer, and go on."""
        chair = self.make_product(default_code="A")
        self.sandbox.set_faults([{"path": "/BulkProduct/*", "drop": True, "times": 1}])
        run = self.sync("products")
        assert run.state == "waiting"
        self.change(chair, **values)
        return run

    def test_sku_changed_before_it_is_looked_up(self):
        self.make_product("Lamp")
        self.sync("products")
        run = self.lose_answer(default_code="B")
        self.resume(run)
        assert run.state == "done"
        assert sorted(p["title"] for p in self.sandbox.state()["products"]) == ["Chair", "Lamp"]
        assert self.remote()["Chair"]["variants"][0]["sku"] == "B"

    def test_sku_changed_before_everything_is_compared(self):
        self.lose_answer(default_code="B").action_stop()
        self.account.is_catalog_matched = False
        assert self.sync("products").state == "done"
        [product] = self.sandbox.state()["products"]
        assert product["variants"][0]["sku"] == "B"
