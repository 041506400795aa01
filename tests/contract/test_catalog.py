"""Products, variants, pictures, collections: out to the sandbox and read back."""

import io
from decimal import Decimal

import pytest
from PIL import Image

from octopus_api import OctopusConnectionError, OctopusNotFound, OctopusValidationError
from tests.contract.conftest import product_item


def picture(colour, size=(40, 30)):
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "PNG")
    return content.getvalue()


# === PRODUCTS === #


def test_a_product_with_options_comes_back_as_it_went_out(client):
    item = {
        "SV_Temp_ProductId": "odoo-1",
        "title": "Größe \u2713 Shoe",
        "body_html": "<p>Nice</p>",
        "tags": "a, b",
        "options": [{"name": "Size", "position": 1, "values": ["S", "M"]}],
        "variants": [
            {
                "SV_Temp_variantId": f"odoo-1-{size}",
                "sku": f"SHOE-{size}",
                "price": Decimal("9.49"),
                "option1": size,
                "inventory_management": "octopus",
                "inventory_policy": "deny",
            }
            for size in ("S", "M")
        ],
    }
    result = client.bulk_products([item])
    (done,) = result.ok
    assert done.variants.keys() == {"odoo-1-S", "odoo-1-M"}
    (product,) = client.iter_products()
    assert (product.ref, product.raw["title"]) == (done.octopus_ref, "Größe \u2713 Shoe")
    for variant, size in zip(product.variants, ("S", "M"), strict=True):
        ref = done.variants[f"odoo-1-{size}"]
        assert (variant.ref, variant.sku) == (ref.octopus_ref, f"SHOE-{size}")
        assert variant.inventory_item_ref == ref.inventory_item_ref
        assert variant.raw["price"] == Decimal("9.49")
        assert not isinstance(variant.raw["price"], float)


def test_one_bad_product_does_not_stop_the_others(client):
    result = client.bulk_products(
        [product_item("A"), product_item("B", title="x" * 256), product_item("C")]
    )
    assert [item.ref for item in result.ok] == ["A", "C"]
    (failed,) = result.failed
    assert (failed.ref, failed.octopus_ref) == ("B", None)
    assert "title" in failed.error.lower()
    assert len(list(client.iter_products())) == 2


def test_the_same_create_twice_makes_two_products(client, make_products):
    first, second = make_products("A")["A"], make_products("A")["A"]
    assert first.octopus_ref != second.octopus_ref


def test_a_product_sent_with_its_id_is_updated(client, make_products):
    made = make_products("A")["A"]
    item = product_item("A", id=made.octopus_ref, title="New title")
    item["variants"][0] |= {"id": made.variants["v-A"].octopus_ref, "price": Decimal("0.10")}
    (done,) = client.bulk_products([item]).ok
    (product,) = client.iter_products()
    assert done.octopus_ref == made.octopus_ref == product.ref
    assert product.raw["title"] == "New title"
    assert product.variants[0].raw["price"] == Decimal("0.10")


def test_products_of_several_pages_are_all_read(client, make_products, sandbox):
    skus = [f"S{number:03}" for number in range(260)]
    made = make_products(*skus)
    sandbox.forget_requests()
    found = [product.ref for product in client.iter_products()]
    assert sorted(found) == sorted(item.octopus_ref for item in made.values())
    assert sandbox.requests() == {"GET /products.json": 2}


def test_update_and_delete_a_product(client, make_products):
    ref = make_products("A")["A"].octopus_ref
    assert client.update_product(ref, {"title": "Changed"})["title"] == "Changed"
    client.delete_product(ref)
    client.delete_product(ref)
    assert not list(client.iter_products())
    with pytest.raises(OctopusNotFound):
        client.update_product(ref, {"title": "Changed again"})


def test_a_lost_bulk_answer_is_found_by_sku(client, sandbox):
    sandbox.set_faults([{"path": "/BulkProduct/bulkpost.json", "drop": True}])
    with pytest.raises(OctopusConnectionError) as caught:
        client.bulk_products([product_item("A")])
    assert caught.value.maybe_done
    assert client.find_variant("A").sku == "A"


# === VARIANTS === #


def test_variants_are_added_changed_found_and_deleted(client):
    item = product_item("A", options=[{"name": "Size", "position": 1}])
    item["variants"][0]["option1"] = "S"
    product_ref = client.bulk_products([item]).ok[0].octopus_ref
    values = {"sku": "A/M 2", "price": Decimal("7.25"), "option1": "M"}
    ref = str(client.create_variant(product_ref, values)["id"])
    assert client.update_variant(ref, {"price": Decimal("8.5")})["price"] == Decimal("8.5")
    found = client.find_variant("A/M 2")
    assert (found.ref, found.raw["price"]) == (ref, Decimal("8.5"))
    assert client.find_variant("a/m 2") is None
    client.delete_variant(product_ref, ref)
    client.delete_variant(product_ref, ref)
    assert client.find_variant("A/M 2") is None


def test_the_last_variant_cannot_be_deleted(client, make_products):
    made = make_products("A")["A"]
    with pytest.raises(OctopusValidationError) as caught:
        client.delete_variant(made.octopus_ref, made.variants["v-A"].octopus_ref)
    assert caught.value.status == 422


# === PICTURES === #


def test_a_picture_is_added_and_removed(client, make_products):
    made = make_products("A")["A"]
    ref = client.create_image(
        made.octopus_ref,
        content=picture("red"),
        filename="a-1.png",
        alt="A",
        variant_refs=[made.variants["v-A"].octopus_ref],
    )
    (image,) = next(client.iter_products()).images
    assert (image.ref, image.raw["position"], image.raw["alt"]) == (ref, 1, "A")
    client.delete_image(made.octopus_ref, ref)
    client.delete_image(made.octopus_ref, ref)
    assert not next(client.iter_products()).images


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (picture("red", (1001, 10)), "wide.png"),
        (picture("red"), "no good.png"),
        (picture("red"), "x.gif"),
        (b"no picture", "x.png"),
    ],
)
def test_pictures_that_octopus_refuses(client, make_products, content, filename):
    ref = make_products("A")["A"].octopus_ref
    with pytest.raises(OctopusValidationError):
        client.create_image(ref, content=content, filename=filename)


def test_a_file_name_belongs_to_one_picture(client, make_products):
    ref = make_products("A")["A"].octopus_ref
    client.create_image(ref, content=picture("blue"), filename="only-blue.png")
    with pytest.raises(OctopusValidationError, match="name"):
        client.create_image(ref, content=picture("green"), filename="only-blue.png", position=2)


# === COLLECTIONS === #


def test_collections_in_bulk(client):
    titles = ["SALE", "SALE > SHOES", "x" * 256]
    result = client.bulk_collections(
        [{"sv_temp_id": str(number), "title": title} for number, title in enumerate(titles)]
    )
    made = {item.octopus_ref: titles[int(item.ref)] for item in result.ok}
    assert {item.ref: item.title for item in client.iter_collections()} == made
    assert list(made.values()) == ["SALE", "SALE > SHOES"]
    (failed,) = result.failed
    assert "title" in failed.error.lower()


def test_one_collection_from_birth_to_death(client):
    ref = client.create_collection({"title": "Shoes"})
    client.update_collection(ref, {"title": "Boots"})
    assert [(item.ref, item.title) for item in client.iter_collections()] == [(ref, "Boots")]
    client.delete_collection(ref)
    client.delete_collection(ref)
    assert not list(client.iter_collections())


def test_collects_join_products_and_collections(client, make_products):
    made = make_products("A", "B")
    shoes = client.create_collection({"title": "Shoes"})
    refs = {sku: item.octopus_ref for sku, item in made.items()} | {"nowhere": "999999999"}
    result = client.bulk_collects(
        [
            {"sv_temp_id": sku, "collection_id": shoes, "product_id": ref}
            for sku, ref in refs.items()
        ]
    )
    assert [item.ref for item in result.ok] == ["A", "B"]
    assert [item.ref for item in result.failed] == ["nowhere"]
    assert {collect.product_ref for collect in client.iter_collects(collection_ref=shoes)} == {
        refs["A"],
        refs["B"],
    }
    (of_a,) = client.iter_collects(product_ref=refs["A"])
    assert (of_a.ref, of_a.collection_ref) == (result.items["A"].octopus_ref, shoes)
    client.delete_collect(of_a.ref)
    client.delete_collect(of_a.ref)
    assert not list(client.iter_collects(product_ref=refs["A"]))
