"""Pictures of products, checked by their content."""

import base64
import binascii
import hashlib
import json
import re
import time

from ..answer import dump, now, spell_time
from ..errors import invalid, not_found
from ..picture import size_of
from .database import Database

MAX_BYTES = 5 * 1024 * 1024
MAX_SIDE = 1000
FILENAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
EXTENSIONS = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png"}


class Images:
    """Pictures of products."""

    def __init__(self, db: Database):
        self.db = db

    def create(self, product_id, sent, *, replace_seconds, base_url):
        """Add a picture to a product.

        :param replace_seconds: how long a position stays closed after its picture was deleted
        :param base_url: the address of this sandbox, for the picture's address
        """
        content = _decoded(sent["attachment"])
        width, height = _checked(sent["filename"], content)
        with self.db.transaction():
            if not self.db.one("SELECT id FROM product WHERE id = ?", product_id):
                raise not_found("Product")
            self._check_variants(product_id, sent.get("variant_ids"))
            self._claim_name(sent["filename"], content)
            position = sent.get("position") or self._next_position(product_id)
            self._check_pause(product_id, position, replace_seconds)
            image_id = self.db.new_id("image")
            stamp = spell_time(now())
            body = {
                "id": image_id,
                "product_id": product_id,
                "position": position,
                "created_at": stamp,
                "updated_at": stamp,
                "alt": sent.get("alt"),
                "width": width,
                "height": height,
                "src": f"{base_url}/files/{image_id}/{sent['filename']}",
                "filename": sent["filename"],
                "variant_ids": sent.get("variant_ids") or [],
                "admin_graphql_api_id": None,
            }
            self.db.run(
                "INSERT INTO image VALUES (?, ?, ?, ?, ?, ?)",
                image_id,
                product_id,
                position,
                sent["filename"],
                dump(body),
                content,
            )
        return body

    def update(self, product_id, image_id, sent):
        """Change position, alt text or variants of a picture; the content never changes."""
        row = self._row(product_id, image_id)
        body = json.loads(row["body"])
        self._check_variants(product_id, sent.get("variant_ids"))
        body.update((k, v) for k, v in sent.items() if k != "id" and v is not None)
        body["updated_at"] = spell_time(now())
        self.db.run(
            "UPDATE image SET position = ?, body = ? WHERE id = ?",
            body["position"],
            dump(body),
            image_id,
        )
        return body

    def delete(self, product_id, image_id):
        """Remove a picture; its position stays closed for a while."""
        row = self._row(product_id, image_id)
        with self.db.transaction():
            self.db.run("DELETE FROM image WHERE id = ?", image_id)
            self.db.run(
                "INSERT OR REPLACE INTO image_removed VALUES (?, ?, ?)",
                product_id,
                row["position"],
                time.time(),
            )

    def content(self, image_id):
        """Return the bytes and the media type of a picture."""
        row = self.db.one("SELECT filename, content FROM image WHERE id = ?", image_id)
        if row is None:
            raise not_found("Image")
        return row["content"], f"image/{EXTENSIONS[_extension(row['filename'])]}"

    def _row(self, product_id, image_id):
        row = self.db.one(
            "SELECT * FROM image WHERE id = ? AND product_id = ?", image_id, product_id
        )
        if row is None:
            raise not_found("Image")
        return row

    def _next_position(self, product_id):
        sql = "SELECT COALESCE(MAX(position), 0) + 1 AS n FROM image WHERE product_id = ?"
        return self.db.one(sql, product_id)["n"]

    def _check_pause(self, product_id, position, seconds):
        removed = self.db.one(
            "SELECT removed_at FROM image_removed WHERE product_id = ? AND position = ?",
            product_id,
            position,
        )
        if removed and time.time() - removed["removed_at"] < seconds:
            raise invalid(
                "image.position",
                f"The picture there was deleted less than {seconds:g} seconds ago.",
            )

    def _check_variants(self, product_id, variant_ids):
        if not variant_ids:
            return
        rows = self.db.all("SELECT id FROM variant WHERE product_id = ?", product_id)
        if unknown := set(variant_ids) - {row["id"] for row in rows}:
            raise invalid("image.variant_ids", f"Not variants of this product: {sorted(unknown)}.")

    def _claim_name(self, filename, content):
        """Refuse a name that another content has had: caches serve pictures by name."""
        digest = hashlib.sha256(content).hexdigest()
        self.db.run("INSERT OR IGNORE INTO image_name VALUES (?, ?)", filename, digest)
        kept = self.db.one("SELECT digest FROM image_name WHERE filename = ?", filename)["digest"]
        if kept != digest:
            raise invalid("image.filename", "Another image has this file name already.")


def _decoded(attachment):
    try:
        return base64.b64decode(attachment, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("image.attachment", "Not valid base64.") from None


def _checked(filename, content):
    """Return width and height of a picture, after checking all limits."""
    if not FILENAME.fullmatch(filename) or _extension(filename) not in EXTENSIONS:
        raise invalid(
            "image.filename",
            "Use at most 100 letters, digits, '-', '_' or '.', ending in .jpg, .jpeg or .png.",
        )
    if len(content) > MAX_BYTES:
        raise invalid("image.attachment", "The image is larger than 5 MB.")
    kind, width, height = size_of(content)
    if kind is None:
        raise invalid("image.attachment", "Only JPEG and PNG images are supported.")
    if kind != EXTENSIONS[_extension(filename)]:
        raise invalid("image.filename", f"The content is {kind.upper()}, the name says otherwise.")
    if width > MAX_SIDE or height > MAX_SIDE:
        raise invalid("image.attachment", f"{width} x {height} pixels; at most 1000 x 1000.")
    return width, height


def _extension(filename):
    return filename.rpartition(".")[2].lower()
