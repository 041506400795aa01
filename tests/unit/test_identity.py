"""Who ordered: phones and addresses of people, of relays, of the shop, of nobody."""

import pytest
from identity import is_personal_email, is_personal_phone


@pytest.mark.parametrize(
    "phone",
    [
        "+1 408 555 0142",
        "(555) 010-0100",
        "555-010.02 00",
        "030 901820",
        "+49 30 901820",
        "15550100100",
        "+91 98100 12345",
        "8080808",
    ],
)
def test_the_phone_of_a_person(phone):
    assert is_personal_phone(phone)


@pytest.mark.parametrize(
    "phone",
    [
        None,
        "",
        "-",
        "x",
        "12",
        "99999",
        "123456",
        "0000000000",
        "+10000000000",
        "+1 000-000-0000",
        "(999) 999-9999",
        "5555555",
        "1234567890",
        "+11234567890",
        "+49 1234567",
        "9876543210",
        "0123456789",
        # Amazon's relay: one number for everybody, and an extension for each order
        "+1 207-835-4259 ext. 26545",
        "207-835-4259 x26545",
        "+12078354259;ext=26545",
        "2078354259#26545",
    ],
)
def test_the_phone_of_nobody(phone):
    assert not is_personal_phone(phone)


@pytest.mark.parametrize("phone", ["+1 (408) 555-0142", "408 555 0142", "001 4085550142"])
def test_the_phone_of_the_shop_is_nobodys(phone):
    assert not is_personal_phone(phone, own=["+1 408-555-0142", None])
    assert is_personal_phone(phone, own=["+1 408-555-0143", None, ""])


@pytest.mark.parametrize(
    "email",
    [
        "ada@example.com",
        "n.oreply@example.com",
        "norepsen@example.com",
        "marketplace@amazon.com",
        "guest.house@example.com",
        "ada@marketplace.example.com",
    ],
)
def test_the_e_mail_address_of_a_person(email):
    assert is_personal_email(email)


@pytest.mark.parametrize(
    "email",
    [
        None,
        False,
        "",
        "@example.com",
        "k3j2h4g5@marketplace.amazon.com",
        "k3j2h4g5@marketplace.amazon.co.uk",
        "k3j2h4g5@m.marketplace.amazon.de",
        "4f6d9e@members.ebay.com",
        "4f6d9e@members.ebay.co.uk",
        "8A7B6C@relay.walmart.com",
        "djxwdxx7wut5@scs.tiktokw.us",
        "abc123@privaterelay.appleid.com",
        "noreply@example.com",
        "no-reply@example.com",
        "no_reply@example.com",
        "no-reply+1001@example.com",
        "donotreply@example.com",
        "do-not-reply@example.com",
        "noemail@example.com",
        "guest@example.com",
        "none@none.invalid",
    ],
)
def test_the_e_mail_address_of_nobody(email):
    assert not is_personal_email(email)


def test_the_e_mail_address_of_the_shop_is_nobodys():
    assert not is_personal_email("sales@shop.com", own=["sales@shop.com"])
    assert is_personal_email("ada@shop.com", own=["sales@shop.com", False])
