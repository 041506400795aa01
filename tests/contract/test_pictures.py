"""Whatever picture there is: the strict sandbox takes what we make of it, or it has a reason."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from picture import UnusablePicture, prepare_picture
from PIL import Image

from octopus_api.pictures import fetch_picture

SHAPES = [
    ("JPEG", "RGB"),
    ("JPEG", "CMYK"),
    ("JPEG", "L"),
    ("PNG", "RGBA"),
    ("PNG", "P"),
    ("PNG", "I;16"),
    ("GIF", "P"),
    ("WEBP", "RGBA"),
    ("TIFF", "CMYK"),
]


@pytest.fixture
def product(sandbox, make_products):
    """Return the id of a product whose pictures may be replaced at once."""
    sandbox.settings(image_replace_seconds=0)
    return make_products("CHAIR")["CHAIR"].octopus_ref


def encode(kind, mode, width, height, orientation):
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"exif": exif} if kind in ("JPEG", "WEBP") else {}
    Image.new(mode, (width, height)).save(buffer, kind, **options)
    return bytearray(buffer.getvalue())


def prepared(content):
    """Return the picture, or the reason why it is unusable."""
    try:
        return prepare_picture(content), None
    except UnusablePicture as unusable:
        return None, unusable.reason


def test_any_picture(client, product):
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        shape=st.sampled_from(SHAPES),
        width=st.integers(1, 2400),
        height=st.integers(1, 2400),
        orientation=st.integers(1, 8),
        position=st.integers(1, 40),
        damage=st.none() | st.tuples(st.floats(0, 0.999), st.integers(0, 255)),
    )
    def check(shape, width, height, orientation, position, damage):
        content = encode(*shape, width, height, orientation)
        if damage:
            content[int(damage[0] * len(content))] = damage[1]
        picture, reason = prepared(bytes(content))
        if reason:
            assert damage, reason
            return
        ref = client.create_image(
            product, content=picture.content, filename=picture.filename, position=position
        )
        client.delete_image(product, ref)

    check()


def test_a_picture_comes_back_from_the_address_that_octopus_names(client, product):
    picture = prepare_picture(bytes(encode("PNG", "RGB", 40, 30, 1)))
    client.create_image(product, content=picture.content, filename=picture.filename, position=1)
    [found] = [each for each in client.iter_products() if each.ref == product]
    [image] = found.images
    assert fetch_picture(image.address, trusted_url=client.base_url) == picture.content
