"""Pictures as Octopus takes them: JPEG or PNG, at most 1000 x 1000 pixels and 5 MB.

Plain Pillow, no Odoo.
"""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass

# Odoo lets Pillow load a few formats only, and WebP is not among them although Odoo's own picture
# widget stores WebP: importing the plugin is what makes Pillow read it.
from PIL import Image, ImageOps, WebPImagePlugin  # noqa: F401

MAX_SIDE = 1000
MAX_PIXELS = 100_000_000  # of the original: larger ones are more likely an attack than a picture
JPEG_QUALITY = 88
KNOWN_BEGINNINGS = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
TRANSPARENT_MODES = ("RGBA", "LA", "PA", "RGBa", "La")
# Pillow's decoders raise whatever the format makes them stumble over.
DECODER_ERRORS = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class UnusablePicture(Exception):
    """Not a picture that Octopus could show. ``reason``: ``unknown``, ``broken`` or ``huge``."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Picture:
    """A picture that keeps all limits; its name is unique to its content."""

    content: bytes
    filename: str


def prepare_picture(content: bytes) -> Picture:
    """Return the picture for Octopus: upright and small enough.

    :raise UnusablePicture: no picture, a broken one, or one of a kind that Pillow cannot read
    """
    try:
        image = Image.open(io.BytesIO(content))
    except Image.DecompressionBombError:
        raise UnusablePicture("huge") from None
    except DECODER_ERRORS:
        known = content.startswith(KNOWN_BEGINNINGS)
        raise UnusablePicture("broken" if known else "unknown") from None
    with image:
        if image.width * image.height > MAX_PIXELS:
            raise UnusablePicture("huge")
        try:
            return _prepare(image)
        except Image.DecompressionBombError:
            raise UnusablePicture("huge") from None
        except DECODER_ERRORS:
            raise UnusablePicture("broken") from None


def _prepare(image):
    # A JPEG can be decoded at a fraction of its size, which is most of the time and memory.
    image.draft(None, (MAX_SIDE, MAX_SIDE))
    image = ImageOps.exif_transpose(image)
    is_transparent = _is_transparent(image)
    if image.mode.startswith(("I", "F")):
        image = _with_8_bits(image)
    image = image.convert("RGBA" if is_transparent else "RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    # At this size no picture comes near the 5 MB: four bytes a pixel are 4 MB.
    buffer = io.BytesIO()
    if is_transparent:
        image.save(buffer, "PNG")
        return _named(buffer.getvalue(), "png")
    image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return _named(buffer.getvalue(), "jpg")


def _is_transparent(image):
    """Tell whether any part of a picture shows what is behind it."""
    if image.mode in TRANSPARENT_MODES or "transparency" in image.info:
        return image.convert("RGBA").getchannel("A").getextrema()[0] < 255
    return False


def _with_8_bits(image):
    """Return a picture of more than 8 bits a pixel with its range of brightness kept."""
    image = image.convert("F")
    low, high = image.getextrema()
    scale = 255 / (high - low) if high > low else 0
    return image.point(lambda value: value * scale - low * scale).convert("L")


def _named(content, extension):
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    return Picture(content, f"{digest}.{extension}")
