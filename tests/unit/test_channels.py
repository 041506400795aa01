"""Channels: the names that people write, the color that stays, and who pays the tax."""

import pytest
from channels import COLORS, PALETTE, channel_color, channel_name, leaves_elsewhere, pays_tax_itself


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("SHOPIFY", "Shopify"),
        ("WOOCOMMERCE", "WooCommerce"),
        ("Woo-Commerce", "WooCommerce"),
        ("WOO", "WooCommerce"),
        ("BIGCOMMERCE", "BigCommerce"),
        ("EBAY", "eBay"),
        ("E-BAY", "eBay"),
        ("eBay UK", "eBay UK"),
        ("EBAYUK", "eBay UK"),
        ("TIKTOK", "TikTok Shop"),
        ("TIKTOKSHOP", "TikTok Shop"),
        ("TIK_TOK_SHOP", "TikTok Shop"),
        ("TIKTOK_SHOP_US", "TikTok Shop US"),
        ("ETSY", "Etsy"),
        ("WALMART", "Walmart"),
        ("AMAZON", "Amazon"),
        ("AMAZON_US", "Amazon US"),
        ("AMAZON.DE", "Amazon.de"),
        ("Amazon.co.uk", "Amazon.co.uk"),
        ("AMAZON FBA", "Amazon FBA"),
        ("AMAZON-FBA", "Amazon-FBA"),
        ("MAGENTO", "Magento"),
        ("SHOPIFY POS", "Shopify Point of Sale"),
        ("LOCALEXPRESS", "Localexpress"),
        ("MY_OWN_SHOP", "My Own Shop"),
        ("OUR NEW SHOP", "Our New Shop"),
        ("ÉPICERIE D'ÉTÉ", "Épicerie D'Été"),
        ("淘宝", "淘宝"),
        ("...", "..."),
        ("", ""),
    ],
)
def test_a_channel_is_named_as_people_write_it(source, name):
    assert channel_name(source) == name


@pytest.mark.parametrize(
    "source",
    [
        *(
            "AMAZON",
            "AMAZON_US",
            "Amazon.de",
            "amazon.co.uk",
            "AMAZON FBA",
            "AmazonUS",
            "AMAZON-CA",
        ),
        *("EBAY", "eBay UK", "e-bay", "EBAY_MOTORS", "WALMART", "Wal-Mart", "WALMART MARKETPLACE"),
        *("WALMARTUS", "ETSY", "etsy.com", "TIKTOK", "TikTok Shop", "TIK TOK", "TIKTOKSHOP"),
        *("MY AMAZON", "AMAZONSELLER"),
    ],
)
def test_marketplaces_pay_the_tax_themselves_however_they_are_spelled(source):
    assert pays_tax_itself(source)


@pytest.mark.parametrize(
    "source", ["SHOPIFY", "WOOCOMMERCE", "BETSY", "AMAZONAS BOOKS", "SEBAY", "MAGENTO", "", "?"]
)
def test_other_channels_do_not(source):
    assert not pays_tax_itself(source)


@pytest.mark.parametrize(
    ("source", "leaves"),
    [
        *[(source, True) for source in ("AMAZON FBA", "AMAZON_FBA", "AmazonFBA", "WALMART-WFS")],
        *[(source, False) for source in ("AMAZON", "AMAZON FBM", "FBALL SHOP", "")],
    ],
)
def test_some_channels_ship_the_goods(source, leaves):
    assert leaves_elsewhere(source) is leaves


def test_a_channel_keeps_its_color_whatever_its_spelling():
    assert channel_color("AMAZON_US") == channel_color("Amazon.de") == COLORS["AMAZON"]
    assert channel_color("my shop") == channel_color("MY_SHOP")
    assert len(set(COLORS.values())) == len(COLORS)
    for number in range(100):
        assert 1 <= channel_color(f"shop {number}") <= PALETTE
