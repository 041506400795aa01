"""Schemathesis reads docs/webhook.openapi.json and posts what it allows and what it does not to a
running server: no answer is a 5xx, and each is one that the description announces."""

import json

import schemathesis
from schemathesis import checks

from devtools import paths
from devtools.servers.sandbox_server import ACCESS_ID
from tests.e2e.waiting import wait_for

DESCRIPTION = json.loads((paths.ROOT / "docs" / "webhook.openapi.json").read_text())
EXAMPLES = 40  # of each of the two addresses
checks.load_all_checks()
CHECKS = checks.CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)


schema = schemathesis.openapi.from_dict(DESCRIPTION)
schema.config.generation.max_examples = EXAMPLES
schema.config.generation.deterministic = True
# Ours come below: to wrong ones there is but one answer, 401.
schema.config.generation.with_security_parameters = False
# Thousands of cases, one for each edge of each field: more than a test may take.
schema.config.phases.coverage.enabled = False


def post(shop, case, **headers):
    """Send a case to the shop's webhook, and check the answer."""
    case.path_parameters["token"] = shop.webhook_url.rpartition("/")[2]
    case.validate_response(case.call(base_url=shop.odoo.url, headers=headers), checks=CHECKS)


@schema.parametrize()
def test_with_credentials_no_order_is_a_server_error(shop, case):
    post(shop, case, **{"X-Octopus-Access-Token": ACCESS_ID})


@schema.parametrize()
def test_without_credentials_no_notification_is_a_server_error(shop, case):
    post(shop, case)


def test_what_was_stored_is_worked_off_and_what_was_rung_is_answered(odoo):
    """Whatever those two posted, the workers get rid of it."""
    assert odoo.call("octopus.order", "search_count", [])
    for model, left in (
        ("octopus.order", [("stock_state", "=", "waiting")]),
        ("octopus.order.notification", []),
    ):
        count = wait_for(
            lambda model=model, left=left: odoo.call(model, "search_count", left),
            lambda count: not count,
            seconds=180,
        )
        assert not count, model
    blocked = odoo.call(
        "octopus.order", "search_read", [("stock_state", "=", "blocked")], ["stock_message"]
    )
    assert all(order["stock_message"] for order in blocked)
