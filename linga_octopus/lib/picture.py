"""Pictures as Octopus takes them: JPEG or PNG, at most 1000 x 1000 pixels and 5 MB.

Plain Pillow, no Odoo.
"""

import hashlib
import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil

# Odoo limits the formats that Pillow loads. WebP is not among them, although Odoo's own image
# widget stores WebP; importing the plugin makes Pillow read it.
from PIL import ExifTags, Image, ImageOps, WebPImagePlugin  # noqa: F401

MAX_SIDE = 1000
MAX_BYTES = 5_000_000
DRAFT_SIDE = 900  # of a JPEG decoded at a fraction of its size; it looks as sharp as 1000
MAX_PIXELS = 100_000_000  # of the original: larger ones are more likely an attack than a picture
JPEG_QUALITY = 88
PNG_COMPRESSION = 3  # half the time of the default for a tenth more bytes
FINE_FORMATS = {"JPEG": "jpg", "PNG": "png"}
FINE_MODES = ("L", "P", "RGB", "RGBA")
KNOWN_BEGINNINGS = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
TRANSPARENT_MODES = ("RGBA", "LA", "PA", "RGBa", "La")
# Pillow's decoders have no common error for damaged files.
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
    """Octopus could not show the picture. ``reason``: ``unknown``, ``broken`` or ``huge``."""

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
            if len(content) <= MAX_BYTES and _is_fine(image):
                return _named(content, FINE_FORMATS[image.format])
            return _prepare(image)
        except Image.DecompressionBombError:
            raise UnusablePicture("huge") from None
        except DECODER_ERRORS:
            raise UnusablePicture("broken") from None


def prepare_ahead(contents):
    """Yield for each content a function that does as `prepare_picture`.

    While one picture is sent, the next is prepared: most of the time Pillow does not need Python.
    No more than two are in memory.
    """
    with ThreadPoolExecutor(max_workers=1) as preparer:
        current = None
        for content in contents:
            following = preparer.submit(prepare_picture, content)
            if current:
                yield current.result
            current = following
        if current:
            yield current.result


def _is_fine(image):
    """Tell whether a picture can be sent unchanged: encoding it again is the expensive part.

    A picture with EXIF data is encoded again, because the data may hold the place where it was
    taken.
    """
    if image.format not in FINE_FORMATS or image.mode not in FINE_MODES or image.getexif():
        return False
    if max(image.size) > MAX_SIDE or getattr(image, "n_frames", 1) > 1:
        return False
    image.load()
    # PNG is for transparent pictures; all others are smaller as a JPEG.
    return image.format == "JPEG" or _is_transparent(image)


def _prepare(image):
    # A JPEG can be decoded at a half, a quarter or an eighth of its size, which saves most of the
    # time and memory. Odoo keeps pictures of up to 1920 pixels; half of that is 960.
    scale = min(DRAFT_SIDE / max(image.size), 1)
    image.draft(None, (ceil(image.width * scale), ceil(image.height * scale)))
    image.load()  # now, because `thumbnail` would request a draft of its own, twice as large
    if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
        image = ImageOps.exif_transpose(image)
    is_transparent = _is_transparent(image)
    if image.mode.startswith(("I", "F")):
        image = _with_8_bits(image)
    wanted = "RGBA" if is_transparent else "RGB"
    if image.mode != wanted:
        image = image.convert(wanted)
    # From twice the size or less, the result looks like that of filters that take twice as long.
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.HAMMING, reducing_gap=2.0)
    # At this size no picture exceeds 5 MB: four bytes per pixel are 4 MB. Its color profile may,
    # so a PNG is saved without it.
    buffer = io.BytesIO()
    if is_transparent:
        image.save(buffer, "PNG", compress_level=PNG_COMPRESSION, icc_profile=None)
        return _named(buffer.getvalue(), "png")
    image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return _named(buffer.getvalue(), "jpg")


def _is_transparent(image):
    """Tell whether any part of a picture is transparent."""
    if image.mode in TRANSPARENT_MODES or "transparency" in image.info:
        seen = image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
        return seen.getchannel("A").getextrema()[0] < 255
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
