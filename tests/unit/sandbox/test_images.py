"""Pictures: the limits by real content, names, and the pause before a position is used again."""

import base64

import pytest

from .builders import add_products, png, product

# The head of a JPEG: start, one table to skip, then the frame with height 600 and width 800.
JPEG = bytes.fromhex("ffd8ffe0000400 00 ffc0001108 0258 0320 03012200021101031101")


@pytest.fixture
def images(api):
    """The path of one product's images."""
    (made,) = add_products(api, product("A"))
    return f"products/{made['productid']}/images"


def body(content, filename="a.png", **fields):
    attachment = base64.b64encode(content).decode()
    return {"image": {"attachment": attachment, "filename": filename} | fields}


def test_a_picture_is_kept_and_served(api, images, client):
    image = api.ok("POST", f"{images}.json", body(png(3, 4), position="1", alt="A"))["image"]
    assert (image["width"], image["height"], image["position"]) == (3, 4, 1)
    served = client.get(f"/files/{image['id']}/a.png")
    assert (served.content, served.headers["content-type"]) == (png(3, 4), "image/png")
    (shown,) = api.ok("GET", "products.json")["product"]
    assert shown["image"]["id"] == image["id"]


def test_a_jpeg_is_measured(api, images):
    image = api.ok("POST", f"{images}.json", body(JPEG, "a.JPEG"))["image"]
    assert (image["width"], image["height"]) == (800, 600)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (body(png(1001, 1)), "image.attachment"),
        (body(png(1, 1001)), "image.attachment"),
        (body(png() + bytes(5 * 1024 * 1024)), "image.attachment"),
        (body(b"GIF89a" + bytes(20)), "image.attachment"),
        (body(b"\xff\xd8\xff"), "image.attachment"),
        (body(png(), "a.jpg"), "image.filename"),
        (body(png(), "a.gif"), "image.filename"),
        (body(png(), "a b.png"), "image.filename"),
        (body(png(), "x" * 97 + ".png"), "image.filename"),
        ({"image": {"attachment": "no base64!", "filename": "a.png"}}, "image.attachment"),
        ({"image": {"filename": "a.png"}}, "image.attachment"),
        (body(png(), variant_ids=[1]), "image.variant_ids"),
        (body(png(), src="https://example.com/a.png"), "image.src"),
    ],
)
def test_limits(api, images, sent, field):
    assert api.refused("POST", f"{images}.json", sent)["field"] == field


def test_a_name_belongs_to_one_content(api, images):
    api.ok("POST", f"{images}.json", body(png(shade=1)))
    api.ok("POST", f"{images}.json", body(png(shade=1)))
    error = api.refused("POST", f"{images}.json", body(png(shade=2)))
    assert error["field"] == "image.filename"


def test_a_position_stays_closed_after_a_delete(api, images, control):
    image = api.ok("POST", f"{images}.json", body(png(), position=1))["image"]
    api.ok("DELETE", f"{images}/{image['id']}.json")
    api.refused("DELETE", f"{images}/{image['id']}.json", status=404)
    again = body(png(shade=9), "b.png", position=1)
    assert api.refused("POST", f"{images}.json", again)["field"] == "image.position"
    api.ok("POST", f"{images}.json", body(png(), position=2))
    control.ok("PUT", "settings", {"image_replace_seconds": 0})
    api.ok("POST", f"{images}.json", again)


def test_put_changes_data_but_never_content(api, images):
    image = api.ok("POST", f"{images}.json", body(png()))["image"]
    path = f"{images}/{image['id']}.json"
    changed = api.ok("PUT", path, {"image": {"alt": "New", "position": 3}})["image"]
    assert (changed["alt"], changed["position"]) == ("New", 3)
    assert api.refused("PUT", path, body(png()))["field"] == "image.attachment"
