"""Who bought an order, where the channel states the VAT number of a business."""

import pytest

from octopus_api.order_buyer import OrderBuyer


def buyer(**fields):
    return OrderBuyer.from_json({"id": 1, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"customer": {"tax_id": "BE 0477.472.701"}},
        {"billing_address": {"vat_number": "BE0477472701"}},
        {"note_attributes": [{"name": "VAT Number", "value": "be0477472701"}]},
        {"note_attributes": [{"name": "_billing_eu_vat_number", "value": "BE 0477 472 701"}]},
        {"note_attributes": {"USt-ID": "BE0477472701"}},
        {"vat_number": "BE-0477-472-701"},
    ],
)
def test_a_vat_number_is_found_where_channels_write_it(fields):
    assert buyer(**fields).vat_number == "BE0477472701"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"note_attributes": [{"name": "gift message", "value": "BE0477472701"}]},
        {"note_attributes": [{"name": "VAT", "value": "yes please"}]},
        {"note_attributes": "VAT"},
        {"customer": {"tax_id": {"no": 1}}},
        {"customer": "Ada"},
        {"customer": {"vat_number": ""}},
    ],
)
def test_what_is_no_vat_number_is_none(fields):
    assert buyer(**fields).vat_number == ""


def test_the_company_is_that_of_the_bill_first():
    found = buyer(billing_address={"company": "Acme BV"}, shipping_address={"company": "Depot"})
    assert found.company == "Acme BV"
    assert buyer(shipping_address={"company": "Depot"}).company == "Depot"
    assert buyer().company == ""
