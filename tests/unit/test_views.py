"""Rules that every view of the addon keeps."""

import re
from xml.etree import ElementTree

from devtools import paths

FILES = sorted(paths.ADDON.rglob("*.xml"))
LONGEST = 500


def test_confirmations_name_the_action():
    """A confirmation has a title and a button of its own instead of *Confirmation* and *Ok*."""
    asking = [
        button
        for path in FILES
        for button in ElementTree.parse(path).iter("button")
        if button.get("confirm")
    ]
    assert asking
    vague = [
        button.get("name")
        for button in asking
        if not (button.get("confirm-title") and button.get("confirm-label"))
    ]
    assert not vague


def test_no_view_extends_a_view_of_the_addon():
    """One view, one place: a view of the addon is changed where it is written."""
    extended = {
        f"{path.relative_to(paths.ADDON)}: {parent}"
        for path in FILES
        for field in ElementTree.parse(path).iter("field")
        if field.get("name") == "inherit_id"
        and ("." not in (parent := field.get("ref")) or parent.startswith("linga_octopus."))
    }
    assert not extended


def test_no_screen_opens_on_a_month_that_has_just_begun():
    """What a screen shows by default are days before today: a calendar's month begins empty."""
    periods = {}
    for path in FILES:
        opened = re.findall(r"search_default_(\w+)", path.read_text(encoding="utf-8"))
        periods |= {
            f"{path.name}: {node.get('name')}": node.get("default_period") or "month"
            for node in ElementTree.parse(path).iter("filter")
            if node.get("date") and node.get("name") in opened
        }
    assert periods
    assert not [name for name, period in periods.items() if not period.startswith("custom_")]


def test_no_file_is_too_long():
    long = {str(path) for path in FILES if len(path.read_text().splitlines()) > LONGEST}
    assert not long


def test_a_list_in_a_form_is_a_list_on_a_phone_too():
    """Otherwise Odoo makes cards of it that show nothing but a name."""
    fields = [
        (path, field)
        for path in FILES
        for field in ElementTree.parse(path).iter("field")
        if field.get("name") != "arch" and field.find("list") is not None
    ]
    assert fields
    nameless = [
        f"{path.relative_to(paths.ADDON)}: {field.get('name')}"
        for path, field in fields
        if field.find("kanban") is None and field.get("mode") != "list"
    ]
    assert not nameless


def test_a_button_of_a_list_has_a_name_for_those_who_do_not_see():
    """Odoo makes a tooltip of its title, which is no name."""
    buttons = [
        (path, button)
        for path in FILES
        if "static" not in path.parts
        for rows in ElementTree.parse(path).iter("list")
        for button in rows.iter("button")
    ]
    assert buttons
    nameless = [
        f"{path.relative_to(paths.ADDON)}: {button.get('name')}"
        for path, button in buttons
        if not (button.get("string") or (button.text or "").strip())
    ]
    assert not nameless
