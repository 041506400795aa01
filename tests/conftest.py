"""Each suite runs as its own pytest process (see devtools/test.py) and has its own conftest."""

from collections import Counter

# The processes that share a suite take these files first: a long one at the end would leave a
# core idle. Then they take those with the most tests.
LONGEST_FIRST = (
    # tests/odoo
    "test_catalog_faults.py",
    "test_channel_profiles.py",
    "test_faults.py",
    "test_order_parity.py",
    "test_hoot.py",
    "test_order_sample.py",
    "test_access_matrix.py",
    # tests/e2e, each with an Odoo of its own
    "test_first_order.py",
    "test_package.py",
    "test_under_load.py",
    "test_machine_faults.py",
    "test_back_office.py",
    "test_point_of_sale_with_pin.py",
    "test_accessibility.py",
    "test_handover.py",
    "test_stock_servers.py",
    "test_point_of_sale.py",
)


def pytest_collection_modifyitems(config, items):
    if not hasattr(config, "workerinput"):
        return
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    counts = Counter(item.path for item in items)
    items.sort(key=lambda item: (places.get(item.path.name, len(places)), -counts[item.path]))
