"""Whatever goes wrong on the way: nothing twice in Octopus, nothing missing, the bad one named."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.linga_octopus.models.octopus_product_payload import ProductPayload
from odoo.addons.linga_octopus.models.octopus_sync_run import OctopusSyncRun

from .common import OctopusCase
from .test_octopus_image import picture


class Killed(BaseException):
    """The end of a worker process."""


class TestOctopusCatalogueFaults(OctopusCase):
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

    # === SCENARIO === #

    def forget(self):
        """Make the store new and Octopus empty."""
        self.sandbox.reset()
        self.env["octopus.sync.run"].search([]).unlink()
        self.env["octopus.product"].search([]).unlink()
        self.env["octopus.category"].search([]).unlink()
        self.account.write({"is_catalogue_matched": False, "catalogue_signature": False})

    def press_both(self):
        self.account.action_sync_categories()
        self.work_on()
        self.account.action_sync_products()

    def work_on(self):
        """Let the worker go on until no pass is left, waiting ones at once."""
        unfinished = [("state", "in", ("queued", "running", "waiting"))]
        for _attempt in range(40):
            runs = self.env["octopus.sync.run"].search(unfinished)
            if not runs:
                return
            runs.filtered("resume_at").resume_at = self.account.create_date
            self.work()
        self.fail("The passes do not end.")

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

    def count_calls(self):
        self.forget()
        self.sandbox.forget_requests()
        self.press_both()
        self.work_on()
        self.assert_complete("without a fault")
        return sum(self.sandbox.requests().values())

    # === FAULTS === #

    def test_answer_dropped_at_every_call(self):
        for number in range(self.count_calls()):
            self.forget()
            self.sandbox.set_faults([{"path": "*", "drop": True, "after": number, "times": 1}])
            self.press_both()
            self.work_on()
            self.assert_complete(f"answer to call {number} dropped")

    def test_server_error_or_rate_limit_at_every_call(self):
        failures = ({"status": 500}, {"status": 429, "headers": {"Retry-After": "7"}})
        for number in range(self.count_calls()):
            self.forget()
            fault = failures[number % 2]
            self.sandbox.set_faults([{"path": "*", "after": number, "times": 1, **fault}])
            self.press_both()
            self.work_on()
            self.assert_complete(f"{fault} at call {number}")

    def test_killed_around_every_commit(self):
        commits = self.count_commits()
        for number in range(commits):
            for before in (True, False):
                self.forget()
                with self.killed_at(number, before=before):
                    self.press_both_despite_kill()
                self.work_on()
                self.assert_complete(f"killed {'before' if before else 'after'} commit {number}")

    def press_both_despite_kill(self):
        try:
            self.press_both()
            self.work_on()
        except Killed:
            self.env.invalidate_all()
            if not self.env["octopus.sync.run"].search([("kind", "=", "products")]):
                self.work_on()
                self.account.action_sync_products()

    def count_commits(self):
        commits = []
        original = OctopusSyncRun._checkpoint

        def counted(run):
            commits.append(run.kind)
            return original(run)

        with patch.object(OctopusSyncRun, "_checkpoint", counted):
            self.count_calls()
        return len(commits)

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

    def test_one_poisonous_product_in_250(self):
        for number in range(246):
            self.make_product(f"Stool {number}")
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
