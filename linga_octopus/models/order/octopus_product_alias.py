from odoo import api, fields, models

# The fields of an order line that say of what product it is, the surest first.
LINE_FIELDS = {"variant": "octopus_variant_ref", "sku": "sku", "barcode": "barcode"}


class OctopusProductAlias(models.Model):
    """What a channel calls a product of ours, as a user told us when an order needed it."""

    _name = "octopus.product.alias"
    _description = "Octopus Product Alias"
    _inherit = ["octopus.company.guard"]
    _check_company_auto = True
    _order = "account_id, kind, key"

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection(
        [("variant", "Octopus Variant"), ("sku", "SKU"), ("barcode", "Barcode")], required=True
    )
    key = fields.Char("Called", required=True)
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", check_company=True, index=True
    )

    _key_uniq = models.Constraint(
        "UNIQUE(account_id, kind, key)", "This name of a product is already mapped."
    )

    @api.model
    def _key_of(self, line):
        """Return what the channel calls the product of an order line, `(kind, key)`."""
        keys = ((kind, line[name]) for kind, name in LINE_FIELDS.items() if line[name])
        return next(keys, (False, False))

    @api.model
    def _remember(self, line):
        """Keep the line's product for later orders; forget it when it was taken away."""
        kind, key = self._key_of(line)
        if not key:
            return
        account = line.order_id.account_id
        alias = self.search(
            [("account_id", "=", account.id), ("kind", "=", kind), ("key", "=", key)]
        )
        if not line.product_id:
            alias.unlink()
        elif alias:
            alias.product_id = line.product_id
        else:
            self.create(
                {
                    "account_id": account.id,
                    "kind": kind,
                    "key": key,
                    "product_id": line.product_id.id,
                }
            )

    @api.model
    def _map_waiting_lines(self, line):
        """Give the line's product to all lines that wait for the same one; return them."""
        kind, key = self._key_of(line)
        if not key:
            return line.browse()
        lines = line.search(
            [
                ("order_id.account_id", "=", line.order_id.account_id.id),
                ("needs_mapping", "=", True),
                (LINE_FIELDS[kind], "=", key),
                ("id", "!=", line.id),
            ]
        )
        lines.product_id = line.product_id
        return lines
