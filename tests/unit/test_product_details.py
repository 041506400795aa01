"""Custom attributes of products as text."""

import pytest
from product_details import changed_details, gathered, property_text, split_names


def test_names_are_separated_by_commas_and_count_once():
    assert split_names(" Care, Country of origin,,Care ") == ["Care", "Country of origin"]
    assert split_names("\u0627\u0644\u0639\u0646\u0627\u064a\u0629\u060c Care\uff0cSize") == [
        "\u0627\u0644\u0639\u0646\u0627\u064a\u0629",
        "Care",
        "Size",
    ]
    assert split_names(False) == []


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"type": "char", "value": " Oak "}, "Oak"),
        ({"type": "char", "value": False}, ""),
        ({"type": "integer", "value": 0}, "0"),
        ({"type": "integer", "value": 1200}, "1200"),
        ({"type": "float", "value": 2.5}, "2.5"),
        ({"type": "boolean", "value": True}, "Yes"),
        ({"type": "boolean", "value": False}, "No"),
        ({"type": "date", "value": "2026-11-29"}, "2026-11-29"),
        (
            {"type": "selection", "value": "b", "selection": [["a", "Hand"], ["b", "30 °C"]]},
            "30 °C",
        ),
        ({"type": "selection", "value": "gone", "selection": [["a", "Hand"]]}, ""),
        (
            {"type": "tags", "value": ["x", "z"], "tags": [["x", "Soft", 1], ["y", "Hard", 2]]},
            "Soft",
        ),
        ({"type": "many2one", "value": (7, "Belgium")}, "Belgium"),
        ({"type": "many2many", "value": [(7, "Belgium"), (8, "Spain")]}, "Belgium, Spain"),
        ({"type": "separator", "value": "x"}, ""),
    ],
)
def test_the_value_of_a_property(entry, text):
    assert property_text(entry, yes="Yes", no="No") == text


def test_a_name_counts_once_and_a_blank_value_not_at_all():
    pairs = [("Wood ", "Oak"), ("Wood", "Pine"), ("Care", " "), ("", "x"), ("Vegan", "Yes")]
    assert gathered(pairs) == {"Wood": "Oak", "Vegan": "Yes"}


def test_what_differs_between_two_mappings():
    old, new = {"msrp": "9.00", "a": "", "b": "5.00"}, {"msrp": "8.00", "a": "", "c": "4.00"}
    assert list(changed_details(old, new)) == [
        ("msrp", "9.00", "8.00"),
        ("c", "", "4.00"),
        ("b", "5.00", ""),
    ]
    assert list(changed_details(None, None)) == []
