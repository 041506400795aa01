"""Products of Octopus are read with tolerance: a strange text hides no product."""

import pytest

from octopus_api import OctopusBadAnswer, RemoteImage, RemoteProduct, RemoteVariant


def test_a_product_with_its_variants_and_images():
    product = RemoteProduct.from_json(
        {
            "id": 9,
            "title": "Chair",
            "variants": [{"id": 8, "sku": " A-1 ", "barcode": 4006, "inventory_item_id": 7}],
            "images": [{"id": 6, "filename": "x.jpg"}],
        }
    )
    [variant], [image] = product.variants, product.images
    assert product.ref == "9"
    assert (variant.ref, variant.product_ref, variant.sku) == ("8", "9", "A-1")
    assert (variant.barcode, variant.inventory_item_ref) == ("4006", "7")
    assert (image.ref, image.filename) == ("6", "x.jpg")


@pytest.mark.parametrize("nothing", [None, [], {}, "x", [None, "x"]])
def test_lists_that_are_none(nothing):
    product = RemoteProduct.from_json({"id": 9, "variants": nothing, "images": nothing})
    assert (product.variants, product.images) == ((), ())


@pytest.mark.parametrize("strange", [None, [1], {"a": 1}])
def test_a_code_that_is_no_text_is_empty(strange):
    variant = RemoteVariant.from_json({"id": 8, "product_id": 9, "sku": strange})
    assert (variant.sku, variant.barcode, variant.inventory_item_ref) == ("", "", None)


def test_a_single_variant_must_name_its_product():
    with pytest.raises(OctopusBadAnswer, match="variant in Octopus's answer has no product_id"):
        RemoteVariant.from_json({"id": 8, "sku": "A"})


def test_a_product_without_id_is_no_product():
    with pytest.raises(OctopusBadAnswer, match="product in Octopus's answer has no id"):
        RemoteProduct.from_json({"title": "Chair"})


def test_an_image_is_known_by_its_file_name_or_its_address():
    by_name = RemoteImage.from_json({"id": 1, "filename": "x.jpg"})
    by_address = RemoteImage.from_json({"id": 2, "src": "https://cdn.example.com/a/x.jpg"})
    assert by_name.is_named("x.jpg")
    assert by_address.is_named("x.jpg")
    assert not by_address.is_named("y.jpg")
