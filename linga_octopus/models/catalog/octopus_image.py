from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

from ...const import CALLS_PER_BATCH, IMAGE_REPLACE_SECONDS
from ...lib.octopus_api.errors import OctopusError, OctopusNotFound, OctopusValidationError
from ...lib.picture import UnusablePicture, prepare_picture


class OctopusImage(models.Model):
    """A picture of ours and the picture of Octopus that stands for it."""

    _name = "octopus.image"
    _description = "Picture in Octopus"
    _inherit = ["octopus.binding"]

    octopus_product_id = fields.Many2one(
        "octopus.product", "Product in Octopus", required=True, ondelete="cascade", index=True
    )
    octopus_variant_id = fields.Many2one(
        "octopus.variant",
        "Variant in Octopus",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: the picture of the product itself.",
    )
    position = fields.Integer(required=True)
    checksum = fields.Char(
        readonly=True,
        export_string_translation=False,
        help="Of the picture that was last prepared: unchanged pictures are not even read.",
    )
    filename = fields.Char(readonly=True)
    replace_after = fields.Datetime(
        readonly=True,
        help="Octopus takes the new picture some seconds after the old one was removed.",
    )

    _product_uniq = models.UniqueIndex(
        "(octopus_product_id) WHERE octopus_variant_id IS NULL",
        "A product has one picture of its own.",
    )
    _variant_uniq = models.Constraint(
        "UNIQUE(octopus_variant_id)", "A variant has one picture of its own."
    )

    # === THE PASS === #

    @api.model
    def _run_start(self, run):
        """Return how many pictures have changed."""
        run.cursor = {"failed": []}
        return self._count_changed(run.account_id)

    @api.model
    def _run_batch(self, run, client):
        """Remove, replace or add some pictures, one after the other."""
        rows = self._next_changed(run.account_id, run.cursor["failed"])
        if rows:
            images = self._bind_all(run.account_id, rows)
            self._send_all(run, client, images, rows)
            self._report(run, images, rows)
            self.env.flush_all()
            # Some pictures in memory at a time, however long the pass.
            self.env.invalidate_all()
            return True
        return self._remove_some(run, client) or self._wait_for_replacements(run)

    @api.model
    def _send_all(self, run, client, images, rows):
        """Send some pictures; what became of each is permanent before the next is sent."""
        unsure = images.filtered("attempted_at")
        images.filtered(lambda image: not image.octopus_ref).attempted_at = fields.Datetime.now()
        run._checkpoint()
        untried = images
        try:
            for image, row in zip(images, rows, strict=True):
                image._replace(run, client, row, is_unsure=image in unsure)
                run._checkpoint()
                untried -= image
        except OctopusError as error:
            # Those that were certainly not sent need not be looked for in Octopus next time.
            (untried[1 if error.maybe_done else 0 :] - unsure).attempted_at = False
            run._checkpoint()
            raise

    @api.model
    def _report(self, run, images, rows):
        """Record in the pass what became of some pictures."""
        failed = images.filtered(lambda image: image.state == "error")
        for image in failed:
            run._add_issue(image._record(), image.error)
        for image in images - failed:
            run._fix_issues(image._record())
        tried = [row["attachment"] for row in rows if row["image"] in failed.ids]
        run.cursor = {**run.cursor, "failed": [*run.cursor["failed"], *tried]}
        run.failed += len(failed)
        left = self._count_changed(run.account_id) - len(run.cursor["failed"])
        run.done = max(run.total - left, run.done)

    @api.model
    def _remove_some(self, run, client):
        after = run.cursor.get("removed", 0)
        gone = self.search(
            [*self._gone_domain(run.account_id), ("id", ">", after)],
            limit=CALLS_PER_BATCH,
            order="id",
        )
        for image in gone:
            try:
                image._remove(client)
                run._fix_issues(image._record())
                image.unlink()
            except OctopusValidationError as error:
                image._fail(str(error))
                # Without a checksum: it was tried as what it is now, gone.
                image.checksum = False
            run._checkpoint()
        failed = gone.exists()
        for image in failed:
            run._add_issue(image._record() or image.octopus_product_id, image.error)
        run.failed += len(failed)
        run.done += len(gone)
        run.cursor = {**run.cursor, "removed": gone[-1:].id or after}
        return bool(gone)

    @api.model
    def _wait_for_replacements(self, run):
        """Let the pass go on when the next picture may take its predecessor's place."""
        rows = self._next_changed(run.account_id, run.cursor["failed"], when_due=False)
        moments = [row["replace_after"] for row in rows]
        # One may have become due since the last look, or have been added.
        if rows and all(moments):
            run._wait_until(
                min(moments),
                self.env._("Octopus takes a new picture some seconds after the old one is gone."),
            )
        return bool(rows)

    # === ONE PICTURE === #

    @api.model
    def _bind_all(self, account, rows):
        """Return the bindings of some pictures, made now where there is none."""
        last = defaultdict(lambda: 1)
        products = [row["product"] for row in rows]
        for image in self.search([("octopus_product_id", "in", products)]):
            last[image.octopus_product_id.id] = max(
                last[image.octopus_product_id.id], image.position
            )
        new = [row for row in rows if not row["image"]]
        for row in new:
            # The product's own picture comes first, whenever it is added.
            if row["variant"]:
                last[row["product"]] += 1
            row["position"] = last[row["product"]] if row["variant"] else 1
        made = self.create(
            [
                {
                    "account_id": account.id,
                    "octopus_product_id": row["product"],
                    "octopus_variant_id": row["variant"],
                    "position": row["position"],
                }
                for row in new
            ]
        )
        for row, image in zip(new, made, strict=True):
            row["image"] = image.id
        return self.browse([row["image"] for row in rows])

    def _record(self):
        """Return our record that the picture belongs to."""
        return self.octopus_variant_id.product_id or self.octopus_product_id.product_tmpl_id

    def _problem(self):
        """Return the problem for the product's page, which may have several pictures."""
        variant = self.octopus_variant_id.product_id
        if self.error and variant:
            return f"{variant.display_name}: {self.error}"
        return self.error

    def _replace(self, run, client, row, *, is_unsure):
        """Send a picture; first remove the one that Octopus has in its place.

        :param is_unsure: whether Octopus may have it although we have no answer
        """
        if self.octopus_ref and self.checksum == row["checksum"]:
            # Another one was tried meanwhile that was of no use.
            self.write({"state": "synced", "error": False})
            return
        if is_unsure:
            self.octopus_ref = self._find_in_octopus(client)
        # Before the old one is removed: it stays where the new one is of no use.
        picture = self._prepare(row["attachment"])
        if not picture:
            return
        if is_unsure and self.octopus_ref and self.filename == picture.filename:
            self._sent(self.octopus_ref, picture, row["checksum"])
            return
        if self.octopus_ref:
            try:
                self._remove(client)
            except OctopusValidationError as error:
                self._fail(str(error))
                return
            self.replace_after = fields.Datetime.now() + timedelta(seconds=IMAGE_REPLACE_SECONDS)
            return
        self.write({"replace_after": False, "filename": picture.filename})
        # By this name it is found should the answer be lost, whatever the picture is by then.
        run._checkpoint()
        try:
            ref = client.create_image(
                self.octopus_product_id.octopus_ref,
                content=picture.content,
                filename=picture.filename,
                position=self.position,
                alt=self.octopus_product_id.name,
                variant_refs=self.octopus_variant_id.mapped("octopus_ref"),
            )
        except OctopusValidationError as error:
            self._fail(str(error))
        except OctopusNotFound:
            self.octopus_product_id.state = "pending"
            self._fail(
                self.env._("Octopus has not got the product any more. Sync the products again.")
            )
        else:
            self._sent(ref, picture, row["checksum"])

    def _prepare(self, attachment_id):
        """Return the picture as Octopus takes it, or None: then the problem is written down."""
        attachment = self.env["ir.attachment"].browse(attachment_id)
        try:
            return prepare_picture(attachment.raw)
        except UnusablePicture as unusable:
            self.replace_after = False
            self._fail(self._explain_unusable(unusable.reason))
        finally:
            attachment.invalidate_recordset(["raw"])
        return None

    def _remove(self, client):
        """Remove the picture from Octopus; one that is gone already is fine."""
        if self.attempted_at and not self.octopus_ref:
            self.octopus_ref = self._find_in_octopus(client)
        if self.octopus_ref:
            client.delete_image(self.octopus_product_id.octopus_ref, self.octopus_ref)
            self.write(
                {"octopus_ref": False, "state": "pending", "error": False, "attempted_at": False}
            )

    def _find_in_octopus(self, client):
        """Return the id of a picture whose create got no answer, or None."""
        product, filename = self.octopus_product_id, self.filename
        if not filename:
            return None
        for remote in client.iter_products(title=product.name):
            if str(remote["id"]) == product.octopus_ref:
                for image in remote.get("images") or ():
                    if filename in (image.get("filename"), str(image.get("src")).split("/")[-1]):
                        return str(image["id"])
        return None

    def _sent(self, ref, picture, checksum):
        self.write(
            {
                "octopus_ref": ref,
                "state": "synced",
                "error": False,
                "checksum": checksum,
                "filename": picture.filename,
                "synced_at": fields.Datetime.now(),
                "attempted_at": False,
            }
        )

    def _fail(self, problem):
        self.write({"state": "error", "error": problem, "attempted_at": False})

    def _explain_unusable(self, reason):
        return {
            "unknown": self.env._(
                "Octopus shows no pictures of this kind. Replace it by a JPEG or PNG."
            ),
            "broken": self.env._("The picture file is damaged. Upload it again."),
            "huge": self.env._(
                "The picture has too many pixels to be read safely. Upload a smaller one."
            ),
        }[reason]

    def action_octopus_retry(self):
        """Send what could not be sent, again."""
        self.check_access("read")
        for account in self.account_id:
            account._queue_run("images")
        return True
