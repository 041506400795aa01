"""SKUs and barcodes: what cannot be seen in them, and the spellings of a UPC or EAN."""

import pytest

from octopus_api import Order
from octopus_api.order_parts import OrderLine
from octopus_api.parsing import BLANKS, INVISIBLE, as_code, as_gtins, clean_code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("CHAIR", "CHAIR"),
        (" CHAIR\t", "CHAIR"),
        ("\u00a0CHAIR\u2009", "CHAIR"),
        ("\ufeffCHA\u200bIR", "CHAIR"),
        ("A\u00a01", "A 1"),
        ("\u200b", ""),
        ("Größe-1", "Größe-1"),
        (4711, "4711"),
        (None, ""),
    ],
)
def test_what_cannot_be_seen_is_no_part_of_a_code(given, code):
    assert as_code(given) == code


def test_blanks_are_as_python_knows_them():
    assert not BLANKS.strip()
    assert not any(each.isspace() or each.isprintable() for each in INVISIBLE)
    assert clean_code(BLANKS + INVISIBLE) == ""


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        # UPC-A, of which a spreadsheet has dropped the zero, and as EAN-13 and GTIN-14
        ("012345678905", {"12345678905", "0012345678905", "00012345678905"}),
        ("12345678905", {"012345678905", "0012345678905", "00012345678905"}),
        ("0012345678905", {"12345678905", "012345678905", "00012345678905"}),
        ("4006381333931", {"04006381333931"}),
        ("4 006381-333931", {"4006381333931", "04006381333931"}),
        ("96385074", {"000096385074", "0000096385074", "00000096385074"}),
        # none: a wrong check digit, too short, too long, no number
        ("012345678906", set()),
        ("4711", set()),
        ("0000000000", set()),
        ("400638133393100", set()),
        ("CHAIR", set()),
        ("١٢٣٤٥٦٧٨", set()),
        ("", set()),
        (None, set()),
        (["4006381333931"], set()),
    ],
)
def test_a_upc_or_ean_has_spellings_with_and_without_zeros(code, forms):
    assert set(as_gtins(code)) == forms


def test_a_code_that_cannot_be_read_is_named_once():
    remote = Order.from_json({"id": 1, "line_items": [{"sku": ["A"], "barcode": {}}]})
    assert [place for place, _reason in remote.unread] == [
        "line_items[0].sku",
        "line_items[0].barcode",
    ]


def test_a_line_of_codes():
    line = OrderLine.of_codes("CHAIR", False)
    assert (line.sku, line.barcode, line.variant_ref) == ("CHAIR", "", None)
    assert OrderLine.of_codes(None, "4006381333931").barcode_forms == ("04006381333931",)
