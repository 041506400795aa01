"""The orders of the addon's demo data are those of the sandbox's generator."""

import re

from devtools import demo_data


def test_the_file_is_as_it_is_generated():
    assert demo_data.FILE.read_text() == demo_data.render(), (
        "run PYTHONPATH=sandbox python3 -m devtools.demo_data"
    )


def test_there_are_twenty_orders_of_many_channels():
    stories = demo_data.stories()
    assert len({story.versions[0]["id"] for story in stories}) == 20
    assert len({story.channel.source for story in stories}) >= 8
    assert {"refund", "cancelled", "exchange", "parcel", "pickup"} <= {
        trait for story in stories for trait in story.traits
    }


def test_its_times_are_counted_back_from_the_installation():
    text = demo_data.FILE.read_text()
    assert not re.search(r"20\d\d-\d\d-\d\dT", text)
    minutes = [int(found) for found in re.findall(r"timedelta\(minutes=(-?\d+)\)", text)]
    assert min(minutes) > 0
    assert max(minutes) < 8 * 24 * 60
