"""Barcodes as images."""

import base64

from reportlab.graphics.barcode import createBarcodeDrawing


def barcode_image(text):
    """Return a text as an image that scanners read, a `data:` address; empty for a text with
    letters that this barcode does not have."""
    if not text or not text.isascii():
        return ""
    # As SVG, which needs no library for drawing beside reportlab.
    drawing = createBarcodeDrawing("Code128", value=text, width=300, height=60)
    image = drawing.asString("svg").encode()
    return f"data:image/svg+xml;base64,{base64.b64encode(image).decode()}"
