from ..support.common import OctopusCase


class TestOctopusCategory(OctopusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.drinks = cls.env["pos.category"].create({"name": "Drinks"})
        cls.hot = cls.env["pos.category"].create({"name": "Hot", "parent_id": cls.drinks.id})

    def titles(self):
        return sorted(c["title"] for c in self.sandbox.state()["collections"])

    def test_hierarchy_goes_out_in_one_call(self):
        run = self.sync("categories")
        assert run.state == "done"
        assert (run.total, run.done, run.failed) == (2, 2, 0)
        assert self.titles() == ["Drinks", "Drinks > Hot"]
        assert self.writing_calls() == {"POST /bulkcustom_collections.json": 1}
        assert self.drinks.octopus_category_ids.state == "synced"

    def test_nothing_changed_writes_nothing(self):
        self.sync("categories")
        self.sandbox.forget_requests()
        assert self.sync("categories").state == "done"
        assert not self.sandbox.requests()

    def test_renamed_parent_changes_all_below(self):
        self.sync("categories")
        self.sandbox.forget_requests()
        self.drinks.name = "Beverages"
        self.sync("categories")
        assert self.titles() == ["Beverages", "Beverages > Hot"]
        assert self.writing_calls() == {"PUT /custom_collections/{id}.json": 2}

    def test_moved_category_is_renamed(self):
        self.sync("categories")
        ref = self.hot.octopus_category_ids.octopus_ref
        self.hot.parent_id = False
        self.sync("categories")
        assert self.titles() == ["Drinks", "Hot"]
        assert self.hot.octopus_category_ids.octopus_ref == ref

    def test_touches_only_categories(self):
        self.make_product(pos_categ_ids=self.hot.ids)
        self.sync("categories")
        assert all("custom_collections" in call for call in self.sandbox.requests())
        assert not self.sandbox.state()["products"]
        assert self.env["octopus.sync.run"].search([]).mapped("kind") == ["categories"]

    def test_removed_category_is_deleted(self):
        self.sync("categories")
        self.hot.unlink()
        self.sync("categories")
        assert self.titles() == ["Drinks"]

    def test_same_title_is_adopted_and_never_deleted(self):
        self.sandbox.api(
            "POST", "custom_collections.json", json={"custom_collection": {"title": "Drinks"}}
        )
        self.sync("categories")
        assert self.titles() == ["Drinks", "Drinks > Hot"]
        self.hot.unlink()
        self.drinks.unlink()
        self.sync("categories")
        assert self.titles() == ["Drinks"]

    def test_too_long_title_is_named_and_others_go_out(self):
        self.hot.name = "x" * 300
        run = self.sync("categories")
        assert run.state == "partial"
        assert run.issue_ids.res_id == self.hot.id
        assert "Shorten" in run.issue_ids.message
        assert self.titles() == ["Drinks"]
        self.hot.name = "Hot"
        run = self.sync("categories")
        assert run.state == "done"
        assert self.env["octopus.sync.issue"].search([("res_id", "=", self.hot.id)]).fixed_by == run

    def test_issue_of_a_category_that_was_removed_is_over(self):
        self.hot.name = "x" * 300
        issue = self.sync("categories").issue_ids
        self.hot.unlink()
        run = self.sync("categories")
        assert run.state == "done"
        assert issue.fixed_by == run

    def test_issue_of_a_category_of_the_other_kind_is_over(self):
        self.hot.name = "x" * 300
        issue = self.sync("categories").issue_ids
        self.account.category_source = "product"
        run = self.sync("categories")
        assert issue.fixed_by == run

    def test_answer_lost_makes_no_duplicate(self):
        self.sandbox.set_faults(
            [{"path": "/bulkcustom_collections.json", "drop": True, "times": 1}]
        )
        run = self.sync("categories")
        assert run.state == "waiting"
        self.resume(run)
        assert run.state == "done"
        assert self.titles() == ["Drinks", "Drinks > Hot"]
        self.hot.unlink()
        self.sync("categories")
        assert self.titles() == ["Drinks"]

    def test_renamed_while_the_answer_was_missing(self):
        self.sandbox.set_faults(
            [{"path": "/bulkcustom_collections.json", "drop": True, "times": 1}]
        )
        run = self.sync("categories")
        assert run.state == "waiting"
        self.drinks.name = "Beverages"
        self.resume(run)
        assert run.state == "done"
        assert self.titles() == ["Beverages", "Beverages > Hot"]
        self.hot.unlink()
        self.sync("categories")
        assert self.titles() == ["Beverages"]

    def test_deleted_while_the_answer_was_missing(self):
        self.sandbox.set_faults(
            [{"path": "/bulkcustom_collections.json", "drop": True, "times": 1}]
        )
        run = self.sync("categories")
        assert self.titles() == ["Drinks", "Drinks > Hot"]
        self.hot.unlink()
        self.resume(run)
        assert run.state == "done"
        assert self.titles() == ["Drinks"]

    def test_product_moved_while_the_answer_was_missing(self):
        self.sync("categories")
        tea = self.make_product("Tea", pos_categ_ids=self.hot.ids)
        self.sandbox.set_faults([{"path": "/bulkcollects.json", "drop": True, "times": 1}])
        run = self.sync("products")
        assert run.state == "waiting"
        tea.pos_categ_ids = self.drinks
        self.resume(run)
        assert run.state == "done"
        [product] = self.sandbox.state()["products"]
        [collect] = product["collects"]
        assert str(collect["collection_id"]) == self.drinks.octopus_category_ids.octopus_ref

    def test_category_removed_in_octopus_is_made_again(self):
        self.sync("categories")
        self.sandbox.api(
            "DELETE", f"custom_collections/{self.hot.octopus_category_ids.octopus_ref}.json"
        )
        self.hot.name = "Warm"
        assert self.sync("categories").state == "done"
        assert self.titles() == ["Drinks", "Drinks > Warm"]

    def test_product_categories_instead(self):
        self.sync("categories")
        self.account.category_source = "product"
        self.sync("categories")
        names = {category._octopus_title() for category in self.env["product.category"].search([])}
        assert set(self.titles()) == names
        seats = self.env["product.category"].create({"name": "Seats"})
        chair = self.make_product(categ_id=seats.id, pos_categ_ids=self.hot.ids)
        self.sync("categories")
        self.sync("products")
        [product] = self.sandbox.state()["products"]
        [collect] = product["collects"]
        assert str(collect["collection_id"]) == seats.octopus_category_ids.octopus_ref
        with self.transaction() as env:
            chair.with_env(env).categ_id = env["product.category"].search(
                [("id", "!=", seats.id)], limit=1
            )
        self.sync("products")
        [product] = self.sandbox.state()["products"]
        [collect] = product["collects"]
        assert str(collect["collection_id"]) != seats.octopus_category_ids.octopus_ref
