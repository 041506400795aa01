"""Pictures of Octopus: the bindings, and the run that sends them, one call for each."""

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...const import CALLS_PER_BATCH, IMAGE_REPLACE_SECONDS
from ...lib.octopus_api.call_streak import CallStreak
from ...lib.octopus_api.errors import OctopusError, OctopusNotFound, OctopusValidationError
from ...lib.picture import UnusablePicture, prepare_ahead
from ..mixins.notices import Sentence
from . import image_queries
from .scope import CatalogScope

_lt = LazyTranslate(__name__)

PICTURE_LATER = Sentence(
    "picture_later", _lt("Octopus takes a new picture some seconds after the old one is gone.")
)
PRODUCT_GONE = Sentence(
    "product_gone", _lt("The product no longer exists in Octopus. Sync the products again.")
)
# By the `reason` of UnusablePicture.
UNUSABLE_PICTURES = {
    "unknown": Sentence(
        "picture_unknown",
        _lt("Octopus shows no pictures of this kind. Replace it by a JPEG or PNG."),
    ),
    "broken": Sentence("picture_broken", _lt("The picture file is damaged. Upload it again.")),
    "huge": Sentence(
        "picture_huge",
        _lt("The picture has too many pixels to be read safely. Upload a smaller one."),
    ),
}


class OctopusImage(models.Model):
    """The link between a picture of Odoo and the picture of Octopus that stands for it."""

    _name = "octopus.image"
    _description = "Image in Octopus"
    _inherit = ["octopus.binding"]

    # === FIELDS === #

    octopus_product_id = fields.Many2one(
        "octopus.product", "Product in Octopus", required=True, ondelete="cascade", index=True
    )
    octopus_variant_id = fields.Many2one(
        "octopus.variant",
        "Variant in Octopus",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty for the image of the product itself.",
    )
    # A number instead of a link: the model of galleries belongs to eCommerce.
    gallery_ref = fields.Integer(
        "Gallery Image",
        readonly=True,
        help="The extra image of eCommerce; 0 for the image of the product or variant itself.",
    )
    position = fields.Integer(required=True)
    checksum = fields.Char(
        readonly=True,
        export_string_translation=False,
        help="The checksum of the file that was last prepared: unchanged files are not even read.",
    )
    filename = fields.Char(readonly=True)
    replace_after = fields.Datetime(
        readonly=True,
        help="Octopus takes the new image some seconds after the old one was deleted.",
    )

    # === CONSTRAINTS === #

    _product_uniq = models.UniqueIndex(
        "(octopus_product_id) WHERE octopus_variant_id IS NULL AND coalesce(gallery_ref, 0) = 0",
        "A product has one image of its own.",
    )
    _own_variant_uniq = models.UniqueIndex(
        "(octopus_variant_id) WHERE coalesce(gallery_ref, 0) = 0",
        "A variant has one image of its own.",
    )
    _gallery_uniq = models.UniqueIndex(
        "(octopus_product_id, gallery_ref) WHERE gallery_ref > 0",
        "An extra image is in Octopus once per product.",
    )

    # === ACTION METHODS === #

    def action_octopus_retry(self):
        """Send again what could not be sent."""
        self.check_access("read")
        for account in self.account_id:
            account._queue_run("images")
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _run_start(self, run):
        return ImageRun(run).start()

    @api.model
    def _run_batch(self, run, client):
        return ImageRun(run, client).do_batch()

    def _owner(self):
        """Return the product or variant of Odoo that the picture belongs to."""
        return self.octopus_variant_id.product_id or self.octopus_product_id.product_tmpl_id

    def _named_error(self):
        """Return the error as the product's page shows it, which may have several pictures."""
        variant = self.octopus_variant_id.product_id
        if self.error and variant:
            return f"{variant.display_name}: {self.error}"
        return self.error

    def _save_sent(self, ref, filename, checksum):
        """Save that Octopus has the picture.

        :param str checksum: of the file in Odoo
        """
        self.write(
            {
                "octopus_ref": ref,
                "state": "synced",
                "error": False,
                "checksum": checksum,
                "filename": filename,
                "synced_at": fields.Datetime.now(),
                "attempted_at": False,
            }
        )

    def _save_error(self, error):
        self.write({"state": "error", "error": error, "attempted_at": False})

    def _delete_remote(self, client):
        """Delete the picture in Octopus; one that is gone already is fine."""
        if self.attempted_at and not self.octopus_ref:
            self.octopus_ref = self._find_remote(client)
        if self.octopus_ref:
            client.delete_image(self.octopus_product_id.octopus_ref, self.octopus_ref)
            self.write(
                {"octopus_ref": False, "state": "pending", "error": False, "attempted_at": False}
            )

    def _find_remote(self, client):
        """Return the id in Octopus of a picture whose create got no answer, or None."""
        product = self.octopus_product_id
        if not self.filename:
            return None
        for remote in client.iter_products(title=product.name):
            if remote.ref == product.octopus_ref:
                for image in remote.images:
                    if image.is_named(self.filename):
                        return image.ref
        return None


# === RUN === #


@dataclass(frozen=True)
class ImageCursor:
    """The place of a run over the pictures."""

    failed: tuple[int, ...] = ()  # ids of the attachments that Octopus refused in this run
    later: tuple[int, ...] = ()  # ids of the attachments whose call failed: tried again at the end
    product: int = 0  # id of the last binding of a product whose pictures were looked at
    deleted: int = 0  # id of the last binding that was looked at for deletion
    moved: int = 0  # id of the last binding of a product whose pictures were put in their order


class ImageRun:
    """What `octopus.sync.run` does for the kind "images": it adds and replaces pictures, then
    deletes those that are gone.

    :param run: the `octopus.sync.run`
    :param client: the open client of the store; not needed to start
    """

    def __init__(self, run, client=None):
        self.run = run
        self.client = client
        self.env = run.env
        self.account = run.account_id
        self.scope = CatalogScope(run.account_id)
        self.images = run.env["octopus.image"]

    def start(self):
        """Return how many pictures have changed."""
        self.run.cursor = asdict(ImageCursor())
        return image_queries.count_changed(self.scope)

    def do_batch(self):
        """Send or delete some pictures; return whether there is more to do."""
        cursor = ImageCursor(**self.run.cursor)
        cursor, rows = self._next_rows(cursor)
        if not rows:  # some may have changed behind the cursor
            rows = image_queries.next_changed(self.scope, [*cursor.failed, *cursor.later])
        if not rows and cursor.later:
            cursor = replace(cursor, later=())
            rows = image_queries.next_changed(self.scope, list(cursor.failed))
        if not rows:
            return (
                self._delete_gone(cursor)
                or self._move_misplaced(cursor)
                or self._wait_for_replacements(cursor)
            )
        images = self._ensure(rows)
        sent, error = self._send(images, rows)
        self._report(cursor, images, sent, rows)
        self.run._checkpoint()
        if error:
            raise error
        # Some pictures in memory at a time, however long the run.
        self.env.invalidate_all()
        return True

    def _next_rows(self, cursor):
        """Return the cursor behind the next pictures to send, and their rows; compare only the
        pictures of some products, however many the store has."""
        tried = [*cursor.failed, *cursor.later]
        while products := image_queries.next_products(self.scope, cursor.product):
            rows = image_queries.next_changed(self.scope, tried, products=products)
            # A full batch may have left pictures of its last product.
            is_full = len(rows) == CALLS_PER_BATCH
            cursor = replace(cursor, product=rows[-1]["product"] - 1 if is_full else products[-1])
            if rows:
                return cursor, rows
        return cursor, []

    def _ensure(self, rows):
        """Return the bindings of some pictures, created now where there is none."""
        last = defaultdict(lambda: 1)  # position by binding of a product
        products = [row["product"] for row in rows]
        for image in self.images.search([("octopus_product_id", "in", products)]):
            product_id = image.octopus_product_id.id
            last[product_id] = max(last[product_id], image.position)
        new = [row for row in rows if not row["image"]]
        for row in new:
            # The product's own picture comes first, even when it is added later.
            is_first = not row["variant"] and not row["gallery"]
            if not is_first:
                last[row["product"]] += 1
            row["position"] = 1 if is_first else last[row["product"]]
        created = self.images.create(
            [
                {
                    "account_id": self.account.id,
                    "octopus_product_id": row["product"],
                    "octopus_variant_id": row["variant"],
                    "gallery_ref": row["gallery"],
                    "position": row["position"],
                }
                for row in new
            ]
        )
        for row, image in zip(new, created, strict=True):
            row["image"] = image.id
        return self.images.browse([row["image"] for row in rows])

    def _send(self, images, rows):
        """Send some pictures; the result of each is committed before the next is sent.

        :return: the pictures whose call got through, and the OctopusError that stopped the others
        """
        unsure = images.filtered("attempted_at")
        images.filtered(lambda image: not image.octopus_ref).attempted_at = fields.Datetime.now()
        self.run._checkpoint()
        streak, sent, untried = CallStreak(), self.images, images
        pictures = prepare_ahead(self._content(row["attachment"]) for row in rows)
        try:
            for image, row, prepare in zip(images, rows, pictures, strict=True):
                untried -= image
                try:
                    self._replace(image, row, prepare, is_unsure=image in unsure)
                except OctopusError as error:
                    if not error.maybe_done:
                        # It was certainly not sent, and need not be looked for next time.
                        (image - unsure).attempted_at = False
                    streak.fail(error)
                else:
                    streak.succeed()
                    sent |= image
                    self.run._got_through()
            streak.conclude()
        except OctopusError as error:
            (untried - unsure).attempted_at = False
            return sent, error
        finally:
            pictures.close()
        return sent, None

    def _content(self, attachment_id):
        """Return the content of a file, and keep no copy."""
        attachment = self.env["ir.attachment"].browse(attachment_id)
        try:
            return attachment.raw
        finally:
            attachment.invalidate_recordset(["raw"])

    def _report(self, cursor, images, sent, rows):
        """Save in the run what became of some pictures."""
        refused = sent.filtered(lambda image: image.state == "error")
        for image in refused:
            self.run._add_issue(image._owner(), image.error)
        # A product with several pictures has an issue as long as one of them has.
        failing = self.images.search(
            [("octopus_product_id", "in", sent.octopus_product_id.ids), ("state", "=", "error")]
        )
        owners = [image._owner() for image in failing]
        for image in sent - refused:
            if image._owner() not in owners:
                self.run._fix_issues(image._owner())

        def attachments(some):
            return tuple(row["attachment"] for row in rows if row["image"] in some.ids)

        failed = (*cursor.failed, *attachments(refused))
        later = (*cursor.later, *attachments(images - sent))
        self.run.cursor = asdict(replace(cursor, failed=failed, later=later))
        self.run.failed += len(refused)
        self.run.sent += len(sent - refused)
        ended = sent.filtered(lambda image: image.state in ("synced", "error"))
        self.run.done = min(self.run.done + len(ended), self.run.total)

    def _delete_gone(self, cursor):
        """Delete pictures in Octopus that were removed in Odoo; return whether there were any."""
        gone = image_queries.next_gone(self.scope, after=cursor.deleted)
        if not gone:
            return False
        for image in gone:
            following = replace(cursor, deleted=image.id)
            try:
                image._delete_remote(self.client)
            except OctopusValidationError as error:
                image._save_error(str(error))
                # Without a checksum: it was sent as what it is now, gone.
                image.checksum = False
                self.run._add_issue(image._owner() or image.octopus_product_id, image.error)
                self.run.failed += 1
            else:
                self.run._fix_issues(image._owner())
                self.run.sent += 1
                image.unlink()
            self.run._checkpoint()
            self.run.done += 1
            self.run.cursor = asdict(following)
            self.run._got_through()
        return True

    def _move_misplaced(self, cursor):
        """Give the pictures of a product the order of its gallery; return whether there was one."""
        found = image_queries.next_misplaced(self.scope, after=cursor.moved)
        if not found:
            return False
        product_id, image_ids = found
        for position, image in enumerate(self.images.browse(image_ids), 1):
            if image.position == position:
                continue
            product = image.octopus_product_id
            try:
                self.client.move_image(product.octopus_ref, image.octopus_ref, position)
            except (OctopusNotFound, OctopusValidationError) as error:
                image._save_error(str(error))
                self.run._add_issue(image._owner() or product, image.error)
                self.run.failed += 1
                break
            image.position = position
            self.run._checkpoint()
        self.run.cursor = asdict(replace(cursor, moved=product_id))
        self.run._got_through()
        return True

    def _wait_for_replacements(self, cursor):
        """Have the run continue when the next picture may replace its predecessor; return whether
        there is one."""
        rows = image_queries.next_changed(self.scope, list(cursor.failed), when_due=False)
        moments = [row["replace_after"] for row in rows]
        # One may have become due since the last look, or have been added.
        if rows and all(moments):
            self.run._wait_until(
                min(moments),
                PICTURE_LATER(self.env),
            )
        return bool(rows)

    # === ONE PICTURE === #

    def _replace(self, image, row, prepare, *, is_unsure):
        """Send a picture; first delete the one that Octopus has in its place.

        :param dict row: of `image_queries.next_changed`
        :param prepare: returns the picture as Octopus takes it, see `prepare_ahead`
        :param bool is_unsure: Octopus may have the picture although it gave no answer
        """
        if image.octopus_ref and image.checksum == row["checksum"]:
            # In between, another file was tried that was of no use.
            image.write({"state": "synced", "error": False})
            return
        if is_unsure:
            image.octopus_ref = image._find_remote(self.client)
        # Before the old one is deleted: it stays where the new one is of no use.
        try:
            picture = prepare()
        except UnusablePicture as unusable:
            image.replace_after = False
            image._save_error(UNUSABLE_PICTURES[unusable.reason](self.env))
            return
        if is_unsure and image.octopus_ref and image.filename == picture.filename:
            image._save_sent(image.octopus_ref, picture.filename, row["checksum"])
        elif image.octopus_ref:
            self._make_room(image)
        else:
            self._create(image, picture, row["checksum"])

    def _make_room(self, image):
        """Delete the old picture in Octopus; its successor is sent some seconds later."""
        try:
            image._delete_remote(self.client)
        except OctopusValidationError as error:
            image._save_error(str(error))
            return
        image.replace_after = fields.Datetime.now() + timedelta(seconds=IMAGE_REPLACE_SECONDS)

    def _create(self, image, picture, checksum):
        # If the answer is lost, the picture is found by this name, whatever file Odoo has by then.
        image.write({"replace_after": False, "filename": picture.filename})
        self.run._checkpoint()
        product = image.octopus_product_id
        try:
            ref = self.client.create_image(
                product.octopus_ref,
                content=picture.content,
                filename=picture.filename,
                position=image.position,
                alt=product.name,
                variant_refs=image.octopus_variant_id.mapped("octopus_ref"),
            )
        except OctopusValidationError as error:
            image._save_error(str(error))
        except OctopusNotFound:
            product.state = "pending"
            image._save_error(PRODUCT_GONE(self.env))
        else:
            image._save_sent(ref, picture.filename, checksum)
