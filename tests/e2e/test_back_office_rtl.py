"""Online orders where pages run from right to left, and what channels write does not."""

import pytest
import requests
from playwright.sync_api import expect

from devtools.provision import node

from .waiting import wait_for
from .web_client import visit

pytestmark = pytest.mark.usefixtures("spotless")

ARABIC = "ar_001"
NAME = "Maria-Magdalena Wilhelmina von Hohenstein-Schwarzenfels y Fernández de la Vega"
PHONE = "+49 170 1234567"
# Where a piece of the element's text stands, from the left; null when the element is not shown (any
# more): a list replaces its rows when there is news.
PLACE = """(element, text) => {
    const all = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = all.nextNode(); node; node = all.nextNode()) {
        const start = node.data.indexOf(text);
        if (start >= 0) {
            const range = document.createRange();
            range.setStart(node, start);
            range.setEnd(node, start + text.length);
            const place = range.getBoundingClientRect();
            return place.width ? place.x : null;
        }
    }
}"""


@pytest.fixture
def arabic(demo, odoo, log_in):
    """A browser window in which the administrator reads Arabic."""
    node.ensure()  # rtlcss
    langs = odoo.call(
        "res.lang", "search", [("code", "=", ARABIC), ("active", "in", [True, False])]
    )
    # A thread of the server that asks before the first call is committed keeps the languages of
    # before; the second call makes it ask again. The wizard, which loads texts, finds them so.
    odoo.call("res.lang", "write", langs, {"active": True})
    odoo.call("res.lang", "write", langs, {"active": True})
    wizard = odoo.call("base.language.install", "create", {"lang_ids": langs, "overwrite": False})
    odoo.call("base.language.install", "lang_install", [wizard])
    users = odoo.call("res.users", "search", [("login", "=", demo["login"])])
    odoo.call("res.users", "write", users, {"lang": ARABIC})
    page = log_in()
    yield page
    page.context.close()
    odoo.call("res.users", "write", users, {"lang": "en_US"})


def places(element, *texts):
    """Return where these pieces of the element's text stand, from the left."""
    expect(element).to_be_visible()
    return [wait_for(lambda text=text: element.evaluate(PLACE, text)) for text in texts]


def test_names_numbers_and_addresses_keep_their_direction(arabic, demo, odoo):
    first_name, last_name = NAME.split(" ", 1)
    body = {
        "source": "SHOPIFY",
        "customer": {"first_name": first_name, "last_name": last_name, "phone": PHONE},
        "lines": [{"sku": "NOBODY-KNOWS-3", "title": "Zephyr (blue)", "price": 5, "quantity": 1}],
    }
    url = f"{demo['sandbox']}/_sandbox/orders"
    number = str(requests.post(url, json=body, timeout=30).json()["id"])
    came = [("aggregator_order_no", "=", number)]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", came), bool)

    visit(arabic, demo, "online-orders")
    expect(arabic.locator("body.o_rtl")).to_have_count(1)
    cell = arabic.locator("tr.o_data_row", has_text=number).locator("td[name=customer_name]")
    # Cut at its end, not at its beginning.
    [start] = places(cell, "Maria")
    assert start >= cell.bounding_box()["x"]

    cell.click()
    form = arabic.locator(".o_form_view")
    country, rest = places(form.locator("[name=phone] a.o_form_uri"), "+49", "170")
    assert country < rest
    house, street = places(form.locator("[name=delivery_address]"), "80", "Citizen")
    assert house < street
