"""Images for products and categories."""

import base64
import io

from PIL import Image


def picture(colour="red", size=(40, 30), kind="PNG", mode="RGB"):
    """Return an image of one color as Odoo stores it: base64 of `kind`."""
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, kind)
    return base64.b64encode(buffer.getvalue())
