"""Pictures: whatever Pillow reads becomes what Octopus takes, or is named."""

import hashlib
import io
import random
import re
import threading

import picture as picture_module
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from picture import UnusablePicture, prepare_ahead, prepare_picture
from PIL import Image


def encode(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def decoded(picture):
    image = Image.open(io.BytesIO(picture.content))
    image.load()
    return image


KINDS = [
    ("JPEG", "RGB"),
    ("JPEG", "L"),
    ("JPEG", "CMYK"),
    ("PNG", "RGB"),
    ("PNG", "RGBA"),
    ("PNG", "LA"),
    ("PNG", "P"),
    ("PNG", "1"),
    ("PNG", "I;16"),
    ("GIF", "P"),
    ("WEBP", "RGB"),
    ("WEBP", "RGBA"),
    ("BMP", "RGB"),
    ("TIFF", "CMYK"),
    ("TIFF", "F"),
]


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_every_kind_keeps_the_limits(kind, mode):
    picture = prepare_picture(encode(Image.new(mode, (1600, 400)), kind))
    image = decoded(picture)
    assert image.format in ("JPEG", "PNG")
    assert image.size == (1000, 250)
    assert re.fullmatch(r"[0-9a-f]{32}\.(jpg|png)", picture.filename)
    assert picture.filename.endswith("png") == (image.format == "PNG")


def test_transparency_is_kept():
    image = Image.new("RGBA", (10, 10), (255, 0, 0, 0))
    picture = prepare_picture(encode(image, "PNG"))
    assert decoded(picture).mode == "RGBA"
    assert decoded(picture).getpixel((5, 5))[3] == 0


def test_palette_with_transparent_colour_is_kept():
    image = Image.new("P", (10, 10), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    picture = prepare_picture(encode(image, "GIF", transparency=0))
    assert decoded(picture).getpixel((5, 5))[3] == 0


def test_what_is_fine_goes_out_as_it_is():
    jpeg = encode(Image.new("RGB", (10, 10)), "JPEG", quality=30)
    glass = encode(Image.new("RGBA", (10, 10), (0, 0, 0, 9)), "PNG")
    assert prepare_picture(jpeg).content == jpeg
    assert prepare_picture(glass).content == glass


def test_notes_of_the_camera_stay_here():
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    picture = prepare_picture(encode(Image.new("RGB", (30, 20)), "JPEG", exif=exif))
    assert not decoded(picture).getexif()


def test_opaque_alpha_becomes_jpeg():
    image = Image.new("RGBA", (10, 10), (0, 128, 0, 255))
    assert decoded(prepare_picture(encode(image, "PNG"))).format == "JPEG"


def test_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: width and height change places
    picture = prepare_picture(encode(Image.new("RGB", (30, 20)), "JPEG", exif=exif))
    assert decoded(picture).size == (20, 30)


def test_first_frame_of_an_animation():
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    content = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    red, _green, blue = decoded(prepare_picture(content)).convert("RGB").getpixel((5, 5))
    assert red > 200
    assert blue < 50


def test_cmyk_keeps_its_colour():
    content = encode(Image.new("CMYK", (10, 10), (0, 255, 255, 0)), "JPEG")
    red, green, blue = decoded(prepare_picture(content)).getpixel((5, 5))
    assert red > 200
    assert max(green, blue) < 80


def test_more_than_8_bits_keep_their_range():
    image = Image.new("I;16", (10, 10), 0)
    image.putpixel((5, 5), 60000)
    image.putpixel((2, 2), 30000)
    low, middle, high = (
        decoded(prepare_picture(encode(image, "PNG"))).convert("L").getpixel(at)
        for at in ((9, 9), (2, 2), (5, 5))
    )
    assert low < 20
    assert 90 < middle < 165
    assert high > 200


def test_noise_at_full_size_stays_under_5_mb():
    for mode in ("RGB", "RGBA"):
        image = Image.effect_noise((1000, 1000), 100).convert(mode)
        if mode == "RGBA":
            image.putalpha(Image.effect_noise((1000, 1000), 100))
        content = encode(image, "PNG")
        assert len(prepare_picture(content).content) < 5 * 1024 * 1024


@pytest.mark.parametrize(("kind", "colour"), [("JPEG", "red"), ("WEBP", "#ff000080")])
def test_a_colour_profile_of_6_mb_stays_here(kind, colour):
    image = Image.new("RGB" if kind == "JPEG" else "RGBA", (900, 900), colour)
    content = encode(image, kind, icc_profile=random.Random(1).randbytes(6_000_000))
    assert len(content) > 5_000_000
    picture = prepare_picture(content)
    assert len(picture.content) < 1_000_000
    assert decoded(picture).size == (900, 900)


def test_names_are_unique_to_the_content():
    red, blue = (
        prepare_picture(encode(Image.new("RGB", (9, 9), colour), "PNG"))
        for colour in ("red", "blue")
    )
    again = prepare_picture(encode(Image.new("RGB", (9, 9), "red"), "PNG"))
    assert red == again
    assert red.filename != blue.filename
    assert hashlib.blake2b(red.content, digest_size=16).hexdigest() in red.filename


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown"),
        (b"%PDF-1.7", "unknown"),
        (encode(Image.new("RGB", (50, 50)), "PNG")[:20], "broken"),
        (encode(Image.new("RGB", (50, 50)), "JPEG")[:30], "broken"),
        (encode(Image.new("RGB", (50, 50)), "WEBP")[:20], "broken"),
    ],
)
def test_unusable_pictures_say_why(content, reason):
    with pytest.raises(UnusablePicture) as caught:
        prepare_picture(content)
    assert caught.value.reason == reason


def test_too_many_pixels_are_refused_before_decoding(monkeypatch):
    monkeypatch.setattr(picture_module, "MAX_PIXELS", 99)
    with pytest.raises(UnusablePicture) as caught:
        prepare_picture(encode(Image.new("1", (10, 10)), "PNG"))
    assert caught.value.reason == "huge"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(KINDS), st.integers(1, 2500), st.integers(1, 2500))
def test_any_size_and_kind(kind_mode, width, height):
    kind, mode = kind_mode
    image = decoded(prepare_picture(encode(Image.new(mode, (width, height)), kind)))
    assert max(image.size) <= 1000
    assert min(image.size) >= 1
    if max(width, height) <= 1000:
        assert image.size == (width, height)
    else:  # the quick way of decoding a JPEG does not cost sharpness that anybody would see
        assert max(image.size) >= 900
        assert image.width * height == pytest.approx(
            image.height * width, abs=2 * max(width, height)
        )


def test_what_odoo_keeps_is_decoded_at_half_its_size():
    image = Image.new("RGB", (1920, 1280), "red")
    assert decoded(prepare_picture(encode(image, "JPEG"))).size == (960, 640)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage_is_either_readable_or_named(data):
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"]))
    content = bytearray(encode(Image.new("RGB", (60, 40), "orange"), kind))
    for _change in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    reason, size = outcome(bytes(content))
    assert reason in ("unknown", "broken", "huge") or max(size) <= 1000


def outcome(content):
    """Return why a picture is unusable, or its size when it is not."""
    try:
        return None, decoded(prepare_picture(content)).size
    except UnusablePicture as unusable:
        return unusable.reason, None


def test_the_next_picture_is_prepared_while_one_is_sent(monkeypatch):
    read, ready = [], threading.Event()

    def contents():
        for number in range(3):
            read.append(number)
            yield number

    def prepare(number):
        if number == 1:
            ready.set()
        return number

    monkeypatch.setattr(picture_module, "prepare_picture", prepare)
    pictures = prepare_ahead(contents())
    assert next(pictures)() == 0
    assert ready.wait(5), "the second one is prepared although nobody asked for it"
    assert read == [0, 1], "but the third one is not even read"
    assert [picture() for picture in pictures] == [1, 2]


def test_what_is_no_picture_is_told_when_it_is_its_turn():
    good = encode(Image.new("RGB", (9, 9), "red"), "PNG")
    first, second, third = prepare_ahead([good, b"text", good])
    assert first() == third()
    with pytest.raises(UnusablePicture):
        second()
    assert list(prepare_ahead([])) == []
