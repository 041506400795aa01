"""Archiving in Octopus what is no longer for sale."""

from odoo import api, fields, models
from odoo.fields import Domain

from ...const import CALLS_PER_BATCH
from ..sync.bulk_sender import BulkSender

PRODUCT_KEY = "SV_Temp_ProductId"


class OctopusProduct(models.Model):
    _inherit = "octopus.product"

    @api.model
    def _retire_some(self, run, client):
        """Archive products in Octopus that were archived, excluded or deleted here.

        The call is made of what the bindings know, because the product may be gone.
        """
        if unanswered := self._unanswered(run.account_id):
            for variant in unanswered:
                variant._find_sent(client)
                run._checkpoint()
            return True
        retired = self._next_retired(
            run.account_id, after=run.cursor["id"], limit=run._batch_size()
        )
        if not retired:
            return False
        items = [binding._retired_item() for binding in retired]
        sent = failed = self.browse()
        sender = BulkSender(run, client, client.bulk_products, items, PRODUCT_KEY)
        while results := sender.send_next():
            for ref, result in results.items():
                binding = self.browse(int(ref))
                binding._record_retired(result.error)
                sent |= binding
                failed |= binding if result.error else failed
            run._checkpoint()
        for binding in failed:
            run._add_issue(binding.product_tmpl_id or binding, binding.error)
        run._fix_issues((sent - failed).product_tmpl_id)
        run._fix_issues(sent - failed)
        run.done += len(sent)
        run.failed += len(failed)
        run.cursor = {**run.cursor, "id": max(sent.ids)}
        self.env.flush_all()
        self.env.invalidate_all()
        return True

    @api.model
    def _unanswered(self, account):
        """Return variants that left the catalog while the answer to their create was missing:
        Octopus may have them, and sell them."""
        return self.env["octopus.variant"].search(
            [
                ("account_id", "=", account.id),
                ("attempted_at", "!=", False),
                ("octopus_ref", "=", False),
                ("octopus_product_id.product_tmpl_id", "not in", self._eligible(account)),
            ],
            limit=CALLS_PER_BATCH,
        )

    @api.model
    def _forget_left_out(self, run):
        """Forget the problems of products that left the catalog before Octopus had them."""
        account = run.account_id
        self.search(
            [
                ("account_id", "=", account.id),
                ("octopus_ref", "=", False),
                ("product_tmpl_id", "not in", self._eligible(account)),
            ]
        ).unlink()
        # Nobody looks at their pictures any more either.
        kinds, sold = ("products", "images"), account._catalog_sold_domain()
        run._fix_issues_of_others(self.env["product.template"], sold, kinds)
        of_sold = Domain("product_tmpl_id", "any", sold)
        run._fix_issues_of_others(self.env["product.product"], of_sold, kinds)

    def _retired_item(self):
        return {
            PRODUCT_KEY: str(self.id),
            "id": self.octopus_ref,
            "title": self.name or self.product_tmpl_id.name,
            "status": "archived",
            "variants": [
                {
                    "SV_Temp_variantId": str(variant.id),
                    "id": variant.octopus_ref,
                    "sku": variant.sku or variant.product_id._octopus_sku(),
                    "price": variant.price or "0",
                }
                for variant in self.variant_ids
                if variant.octopus_ref
            ],
        }

    def _record_retired(self, error):
        """Write down that Octopus archived a product, or why it did not."""
        if error:
            # Without a stamp: it was tried as what it is now, left out.
            self.write({"state": "error", "error": error, "source_stamp": False})
            return
        self.write(
            {
                "state": "synced",
                "error": False,
                "is_archived": True,
                "payload_hash": False,
                "synced_at": fields.Datetime.now(),
            }
        )
        self.env["octopus.variant"]._mark_stock(self.variant_ids.product_id.ids)
