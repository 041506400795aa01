"""What Odoo writes on orders in Octopus, and what it reads of it: `own_texts`."""

from hypothesis import given
from hypothesis import strategies as st

from octopus_api.own_texts import foreign_note, shipped_text, told_note, told_tags


def test_what_a_tag_says():
    text = "Shipped: DHL 00340434161094021501"
    assert shipped_text("DHL", ["00340434161094021501"]) == text
    assert shipped_text("Smith, Sons", ["1"]) == "Shipped: Smith Sons 1"
    assert shipped_text("", []) == "Shipped: without tracking number"


def test_tags_of_others_stay():
    before = "gift, Odoo: completed, vip, Shipped: DHL 1"
    assert told_tags(before, ["Shipped: DHL 2"]) == "gift, vip, Shipped: DHL 2"
    assert told_tags(["gift", " "], []) == "gift"
    assert told_tags(None, []) == ""


@given(st.text(), st.lists(st.sampled_from(["Shipped: DHL 1", "Ready for pickup: code 7"])))
def test_a_note_of_ours_is_never_taken_for_the_customers(note, own):
    told = told_note(note, own)
    assert foreign_note(told).split() == foreign_note(note).split()
    assert told_note(told, own).split() == told.split()
