"""Every field that a screen of ours shows is explained, by its label or by a help."""

from collections import Counter

from lxml import etree

from odoo.tests import TransactionCase

# Labels that need no more words where they stand; a new one is looked at before it goes in here.
PLAIN = {
    "Account",
    "Active",
    "Activities",
    "Aggregator Order No.",
    "Amount",
    "Barcode",
    "Billing Address",
    "Calls Left",
    "Calls to Octopus",
    "Changed Categories",
    "Changed Products",
    "Channel",
    "Channels",
    "Check Total",
    "Check",
    "Closed",
    "Company",
    "Compared",
    "Connection Problem",
    "Created on",
    "Currency",
    "Customer",
    "Customer's Note",
    "Day",
    "Deliveries",
    "Delivery Address",
    "Description",
    "Differences Found",
    "Differences",
    "Discounts",
    "Display Name",
    "Done",
    "E-mail",
    "Email",
    "Ended",
    "Error",
    "Fetch",
    "Found",
    "From",
    "Fulfillment",
    "I agree to these terms",
    "Images",
    "Import",
    "In Octopus",
    "In Odoo",
    "Issues Found",
    "Issues",
    "Kind",
    "Last Answer",
    "Last Order Import",
    "Last Published",
    "Last Seen",
    "Last Sync",
    "Lines",
    "Locations",
    "Marked Do Not Publish",
    "Marked Not on Octopus",
    "Maximum Published Quantity",
    "Message of the Sync Run",
    "Message",
    "Name",
    "New Categories",
    "New Products",
    "Notice",
    "Octopus ID",
    "Octopus Location",
    "Octopus State",
    "On Hand",
    "Open Issues",
    "Open Orders",
    "Order",
    "Payment Method",
    "Payment",
    "Pending Changes",
    "Phone",
    "Pictures",
    "Problem",
    "Problems Found",
    "Problems",
    "Processed",
    "Product",
    "Products to Archive",
    "Progress",
    "Published At",
    "Published Quantity",
    "Quantity",
    "Reason",
    "Received",
    "Refunds",
    "Removed Categories",
    "Reserved",
    "Resets At",
    "Resumes At",
    "Returns",
    "SKU",
    "Safety Stock",
    "Severity",
    "Shipping",
    "Shop Currency",
    "Shop Name",
    "Shop Prices Include Tax",
    "Shop Timezone",
    "Started",
    "State",
    "Status",
    "Stock Deducted",
    "Stock Issue",
    "Stock Resumes At",
    "Stock Updates Waiting",
    "Stock Warning",
    "Store",
    "Subtotal",
    "Tags",
    "Tax",
    "Third Party Name",
    "Third Party Order No.",
    "Name of the Channel",
    "Time of Transaction",
    "Times Seen",
    "Tip",
    "Total",
    "Transaction Time",
    "Transfers Made",
    "Transfers",
    "Unchanged Products",
    "Variant",
    "Variants",
    "Warehouse",
}


class TestFieldHelps(TransactionCase):
    def shown(self):
        """Yield each field of our models that a view of ours shows to people, with its node."""
        ours = self.env["ir.model.data"].search(
            [("module", "=", "linga_octopus"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(ours.mapped("res_id"))
        for view in views.filtered(lambda view: (view.model or "").startswith("octopus.")):
            for node in etree.fromstring(view.arch).iter("field"):
                field = self.env[view.model]._fields.get(node.get("name"))
                hidden = node.get("invisible") == "1" or node.get("column_invisible")
                if field and not hidden and not node.get("widget", "").startswith("octopus_"):
                    yield view.model, field, node

    def test_every_field_is_explained(self):
        unexplained = sorted(
            {
                f"{model}.{field.name} ({field.string})"
                for model, field, _node in self.shown()
                if not field.help and field.string not in PLAIN
            }
        )
        self.assertFalse(unexplained, "\n".join(unexplained))

    def test_every_label_is_translated(self):
        silent = sorted(
            {
                f"{model}.{field.name} ({field.string})"
                for model, field, node in self.shown()
                if not field.export_string_translation
                and not node.get("string")
                and node.getroottree().getroot().tag != "kanban"  # shows no labels
            }
        )
        self.assertFalse(silent, "\n".join(silent))

    def test_no_two_fields_of_a_model_have_the_same_label(self):
        """Odoo warns of them in the log of the server when it installs the addon."""
        doubled = [
            f"{model._name}: {label}"
            for model in self.env.registry.values()
            if model._name.startswith("octopus.")
            for label, count in Counter(f.string for f in model._fields.values()).items()
            if count > 1
        ]
        self.assertEqual(doubled, [])
