"""The groups of the addon are enough for its screens: no right of another app is needed."""

from odoo.tests import TransactionCase, new_test_user

from ..support.orders import OrdersMixin


class TestLeastRights(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till = cls.env["pos.config"].create({"name": "Till"})
        cls.account.pos_config_ids = cls.till
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Online"})
        cls.account.pricelist_id = cls.pricelist

    def setUp(self):
        super().setUp()
        self.order({"CHAIR": 1, "MYSTERY": 1})
        run = self.env["octopus.sync.run"]._queue(self.account, "categories")
        run._add_issue(self.account, "Something is wrong.")

    def open_screens(self, groups, models=None):
        """Open the lists and forms of the addon's menus, as the web client does."""
        user = new_test_user(self.env, f"least-{len(groups)}", groups)
        data = self.env["ir.model.data"].search(
            [("module", "=", "linga_octopus"), ("model", "=", "ir.actions.act_window")]
        )
        for action in self.env["ir.actions.act_window"].browse(data.mapped("res_id")):
            model = self.env[action.res_model].with_user(user)
            if model._transient or (models and model._name not in models):
                continue
            with self.subTest(action=action.name, groups=groups):
                self.env.invalidate_all()
                views = model.get_views([(False, "list"), (False, "form")])
                shown = views["models"][model._name]["fields"]
                model.web_search_read([], self.specification(model, shown), limit=5)

    def specification(self, model, names):
        """Return what the client reads of the fields that the views show."""
        return {
            name: {"fields": {"display_name": {}}} if model._fields[name].relational else {}
            for name in names
        }

    def test_an_octopus_manager_opens_every_screen(self):
        books = ("octopus.booking.", "octopus.clearing", "octopus.sales.report")
        models = {
            name
            for name in self.env.registry
            if name.startswith("octopus.") and not name.startswith(books)
        }
        self.open_screens("base.group_user,linga_octopus.group_octopus_manager", models)

    def test_an_accountant_without_rights_in_octopus_opens_the_books(self):
        models = {"octopus.booking.map", "octopus.booking.day", "octopus.clearing"}
        models |= {"octopus.sales.report", "octopus.ledger.line"}
        self.open_screens("base.group_user,account.group_account_manager", models)

    def test_an_octopus_user_opens_the_orders(self):
        self.open_screens("base.group_user,linga_octopus.group_octopus_user", {"octopus.order"})
