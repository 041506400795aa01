"""What every view of the addon keeps to."""

from xml.etree import ElementTree

from devtools import paths


def test_the_answer_to_a_question_says_what_it_does():
    """Instead of *Confirmation* and *Ok*."""
    asking = [
        button
        for path in sorted(paths.ADDON.rglob("*.xml"))
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
