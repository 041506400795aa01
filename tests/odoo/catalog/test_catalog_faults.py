"""Whatever goes wrong on the way: nothing twice in Octopus, nothing missing, the bad one named."""

from contextlib import contextmanager
from itertools import pairwise
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.linga_octopus.models.catalog.payload import ProductPayload
from odoo.addons.linga_octopus.models.sync.octopus_sync_run import OctopusSyncRun

from ..support.common import OctopusCase
from ..support.pictures import picture


class Killed(BaseException):
    """The end of a worker process."""


class FaultsCase(OctopusCase):
    """A scenario that is played once without a fault, then with one at each of its calls and
    commits in turn.

    What it consists of: ``begin`` (before each time), ``press`` (what the manager does) and
    ``assert_complete``.
    """

    def work_on(self):
        """Let the worker go on until no run is left, waiting ones at once."""
        unfinished = [("state", "in", ("queued", "running", "waiting"))]
        for _attempt in range(40):
            runs = self.env["octopus.sync.run"].search(unfinished)
            if not runs:
                return
            runs.filtered("resume_at").resume_at = self.account.create_date
            images = self.env["octopus.image"].search([("replace_after", "!=", False)])
            images.replace_after = self.account.create_date
            self.work()
        self.fail("The runs do not end.")

    def play(self, note, *faults):
        self.begin()
        self.sandbox.set_faults(faults)
        self.press()
        self.work_on()
        self.sandbox.clear_faults()
        self.assert_complete(note)

    def begin_to_count(self):
        self.begin()
        self.sandbox.forget_requests()

    def play_undisturbed(self):
        self.press()
        self.work_on()
        self.assert_complete("without a fault")

    def calls_so_far(self):
        return sum(self.sandbox.requests().values())

    def count_calls(self):
        self.begin_to_count()
        self.play_undisturbed()
        return self.calls_so_far()

    def check_answer_dropped_at_every_call(self):
        for number in range(self.count_calls()):
            fault = {"path": "*", "drop": True, "after": number, "times": 1}
            self.play(f"answer to call {number} dropped", fault)

    def check_failure_at_every_call(self):
        failures = ({"status": 500}, {"status": 429, "headers": {"Retry-After": "7"}})
        for number in range(self.count_calls()):
            fault = {"path": "*", "after": number, "times": 1, **failures[number % 2]}
            self.play(f"{fault} at call {number}", fault)

    def check_killed_at_commits(self, *moments):
        """Kill the worker at each commit in turn, at these moments: ``before`` and ``after``."""
        commits = self.find_commits()
        kills = 0
        for number, has_called in enumerate(commits):
            for moment in moments:
                # Nothing has happened since the commit before: that is to be killed after that one.
                if moment == "before" and number and not has_called:
                    continue
                self.begin()
                with self.killed_at(number, before=moment == "before"):
                    kills += self.press_and_see_kill()
                self.work_on()
                self.assert_complete(f"killed {moment} commit {number}")
        # Every other day has some commits less than the one that was counted.
        assert kills > 0.75 * len(commits), "The worker was not killed."

    def press_and_see_kill(self):
        """Tell whether the worker was killed."""
        try:
            self.press()
            self.work_on()
        except Killed:
            self.env.invalidate_all()
            if not self.env["octopus.sync.run"].search([("kind", "=", "products")]):
                self.work_on()
                self.account.action_sync_products()
            return True
        return False

    def press(self):
        self.account.action_sync_categories()
        self.work_on()
        self.account.action_sync_products()

    def find_commits(self):
        """Return for each commit whether Octopus was called since the one before."""
        calls = [0]
        original = OctopusSyncRun._checkpoint

        def counted(run):
            calls.append(self.calls_so_far())
            return original(run)

        self.begin_to_count()
        with patch.object(OctopusSyncRun, "_checkpoint", counted):
            self.play_undisturbed()
        return [before != after for before, after in pairwise(calls)]

    @contextmanager
    def killed_at(self, number, *, before):
        """Kill the worker at one of its commits: just before, or just after."""
        countdown = iter(range(number, -1, -1))
        original = OctopusSyncRun._checkpoint

        def deadly(run):
            is_last = next(countdown, None) == 0
            if is_last and before:
                raise Killed
            original(run)
            if is_last:
                raise Killed

        with patch.object(OctopusSyncRun, "_checkpoint", deadly):
            yield


class TestOctopusCatalogFaults(FaultsCase):
    """The first contact: everything is new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.category = cls.env["pos.category"].create({"name": "Furniture"})
        for number in range(3):
            cls.make_product(
                f"Chair {number}",
                image_1920=picture(f"#0{number}0000"),
                pos_categ_ids=cls.category.ids,
            )
        cls.make_product(
            "Table",
            pos_categ_ids=cls.category.ids,
            attribute_line_ids=cls.attribute_line("Wood", "Oak", "Ash"),
        )

    def begin(self):
        """Make the store new and Octopus empty."""
        self.sandbox.reset()
        self.env["octopus.sync.run"].search([]).unlink()
        self.env["octopus.product"].search([]).unlink()
        self.env["octopus.category"].search([]).unlink()
        self.account.write({"is_catalog_matched": False, "catalog_signature": False})

    def assert_complete(self, note):
        """Everything is in Octopus exactly once."""
        state = self.sandbox.state()
        assert [c["title"] for c in state["collections"]] == ["Furniture"], note
        titles = sorted(product["title"] for product in state["products"])
        assert titles == ["Chair 0", "Chair 1", "Chair 2", "Table"], note
        for product in state["products"]:
            is_table = product["title"] == "Table"
            assert len(product["variants"]) == (2 if is_table else 1), note
            assert len(product["collects"]) == 1, note
            assert len(product["images"]) == (0 if is_table else 1), note
        runs = self.env["octopus.sync.run"].search([])
        assert set(runs.mapped("state")) == {"done"}, (note, runs.mapped("message"))
        assert set(self.env["octopus.product"].search([]).mapped("state")) == {"synced"}

    def test_answer_dropped_at_every_call(self):
        self.check_answer_dropped_at_every_call()

    def test_server_error_or_rate_limit_at_every_call(self):
        self.check_failure_at_every_call()

    def test_killed_around_every_commit(self):
        self.check_killed_at_commits("before", "after")

    def test_one_poisonous_product_in_250(self):
        self.make_products(f"Stool {number}" for number in range(246))
        bad = self.env["product.template"].search([("name", "=", "Stool 77")])
        original = ProductPayload._body

        def poisoned(payload, template, described):
            return [] if template.id == bad.id else original(payload, template, described)

        with patch.object(ProductPayload, "_body", poisoned):
            run = self.sync("products")
        assert (run.state, run.total, run.done, run.failed) == ("partial", 250, 250, 1)
        assert run.issue_ids.res_id == bad.id
        assert "body_html" in run.issue_ids.message
        assert bad.octopus_product_ids.state == "error"
        products = self.sandbox.state()["products"]
        assert len(products) == len({product["title"] for product in products}) == 249
        assert self.sandbox.requests()["POST /BulkProduct/bulkpost.json"] <= 2 * 8 + 1
        bad.octopus_product_ids.action_octopus_retry()
        self.work_on()
        assert bad.octopus_product_ids.state == "synced"
        assert len(self.sandbox.state()["products"]) == 250


class TestOctopusCatalogChangeFaults(FaultsCase):
    """A later day: of everything that Octopus has, something is new, changed and gone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.category, cls.side = cls.env["pos.category"].create([{"name": "0"}, {"name": "Side"}])
        cls.chair = cls.make_product("Chair", image_1920=picture("red"))
        cls.lamp = cls.make_product("Lamp")
        cls.table = cls.make_product(
            "Table", attribute_line_ids=cls.attribute_line("Wood", "Oak", "Ash")
        )
        cls.woods = cls.table.attribute_line_ids.value_ids
        cls.day = 0

    def begin(self):
        """Change everything here as a day does; Octopus has all that there was before."""
        if not self.day:  # later it has: each day ends with `assert_complete`
            self.sandbox.settings(image_replace_seconds=0)
            self.press()
            self.work_on()
        self.env["octopus.sync.run"].search([]).unlink()
        self.day += 1
        self.is_odd = self.day % 2 == 1
        with self.transaction() as env:
            self.change(env)

    def change(self, env):
        chair, day = self.chair.with_env(env), self.day
        self.category.with_env(env).name = str(day)
        extra = env["pos.category"].search([("name", "=", "Extra")])
        if self.is_odd:
            env["pos.category"].create({"name": "Extra"})
        else:
            extra.unlink()
        chair.write(
            {
                "list_price": 10 + day,
                "image_1920": picture("blue" if self.is_odd else "red"),
                "pos_categ_ids": (self.category + self.side if self.is_odd else self.category).ids,
            }
        )
        self.lamp.with_env(env).active = not self.is_odd
        woods = self.woods if not self.is_odd else self.woods[:1]
        self.table.with_env(env).attribute_line_ids.value_ids = [Command.set(woods.ids)]
        env["product.template"].create(
            {"name": f"New {day}", "list_price": 5, "available_in_pos": True}
        )

    def assert_complete(self, note):
        """Octopus has all of it as it is here, once."""
        note, odd = (note, self.day), self.is_odd
        state = self.sandbox.state()
        titles = sorted(collection["title"] for collection in state["collections"])
        assert titles == sorted([str(self.day), "Side"] + ["Extra"] * odd), note
        new = [f"New {day}" for day in range(1, self.day + 1)]
        products = {product["title"]: product for product in state["products"]}
        assert sorted(p["title"] for p in state["products"]) == sorted(
            ["Chair", "Lamp", "Table", *new]
        ), note
        chair = products["Chair"]
        assert float(chair["variants"][0]["price"]) == 10 + self.day, note
        refs = [str(collect["collection_id"]) for collect in chair["collects"]]
        categories = self.category + self.side if odd else self.category
        assert sorted(refs) == sorted(categories.octopus_category_ids.mapped("octopus_ref")), note
        [image] = chair["images"]
        assert image["filename"] == self.chair.octopus_product_ids.image_ids.filename, note
        assert products["Lamp"]["status"] == ("archived" if odd else "active"), note
        woods = sorted(variant["option1"] for variant in products["Table"]["variants"])
        assert woods == (["Oak"] if odd else ["Ash", "Oak"]), note
        runs = self.env["octopus.sync.run"].search([])
        assert set(runs.mapped("state")) == {"done"}, (note, runs.mapped("message"))
        assert set(self.env["octopus.product"].search([]).mapped("state")) == {"synced"}, note
        assert "DELETE /products/{id}.json" not in self.sandbox.requests(), note

    def test_answer_dropped_at_every_call(self):
        self.check_answer_dropped_at_every_call()

    def test_server_error_or_rate_limit_at_every_call(self):
        self.check_failure_at_every_call()

    def test_killed_at_every_commit(self):
        self.check_killed_at_commits("after")
