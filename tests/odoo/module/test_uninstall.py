"""What happens when the addon goes; the whole way there and back is in tests/soak."""

from odoo.tests import Form, TransactionCase

from odoo.addons.linga_octopus.hooks import uninstall_hook

from ..support.orders import OrdersMixin


class TestUninstall(OrdersMixin, TransactionCase):
    def test_what_no_external_id_points_at_goes(self):
        order = self.order({"CHAIR": 1})
        used = order.picking_ids.picking_type_id
        returns = used.return_picking_type_id
        self.assertTrue(used and returns)
        saved = {"name": "Mine", "model_id": "octopus.order", "user_ids": []}
        saved = self.env["ir.filters"].create(saved)
        exported = self.env["ir.exports"].create({"name": "Mine", "resource": "octopus.order"})
        uninstall_hook(self.env)
        self.env.flush_all()
        self.assertFalse(saved.exists())
        self.assertFalse(exported.exists())
        ids = self.env["ir.model.data"].search([("module", "in", ("mail", "portal", "sms"))])
        self.assertFalse([name for name in ids.mapped("name") if "__octopus_" in name])
        self.assertFalse(used.active, "transfers are history, new ones are not made")
        self.assertFalse(returns.exists())
        self.assertFalse(self.warehouse.octopus_order_type_id)
        self.assertEqual(order.picking_ids.state, "done")

    def test_uninstalling_says_what_goes(self):
        self.order({"CHAIR": 1})
        module = self.env.ref("base.module_linga_octopus")
        wizard = self.env["base.module.uninstall"].create({"module_ids": module.ids})
        self.assertTrue(wizard.is_octopus_lost)
        self.assertEqual(wizard.octopus_order_count, self.orders.search_count([]))
        self.assertIn("octopus.order", wizard.model_ids.mapped("model"))
        with Form(wizard) as form:
            self.assertIn("Octopus is not informed", form._view["tree"].xpath("string()"))
        base = self.env.ref("base.module_point_of_sale")
        self.assertTrue(
            self.env["base.module.uninstall"].create({"module_ids": base.ids}).is_octopus_lost
        )
        another = self.env.ref("base.module_mrp")
        other = self.env["base.module.uninstall"].create({"module_ids": another.ids})
        self.assertFalse(other.is_octopus_lost)
