"""Pictures of sending changed products, one of which Octopus refuses."""

from dataclasses import replace

from .shot import Shot

SETTINGS = Shot("catalog-during", "/odoo/octopus-stores/1", ".o_octopus_run")
PRODUCTS = Shot(
    "product-octopus",
    "/odoo/octopus-products",
    ".o_data_row",
    clicks=(
        ".o_data_row:has-text('Sport Shoes') .o_data_cell[name=name]",
        ".nav-link[name=octopus]",
    ),
    after=".o_field_widget[name=octopus_product_ids] .o_data_row",
)

SHOTS = (
    replace(
        SETTINGS,
        name="catalog-before",
        clicks=("button[name=action_preview_catalog]",),
        after=".modal .o_form_view",
        size=(1280, 1100),
        day="change",
    ),
    replace(SETTINGS, wait=".progress-bar-animated", day="begin"),
    replace(SETTINGS, name="catalog-after", day="end"),
    Shot(
        "sync-run",
        "/odoo/octopus-sync-runs",
        ".o_data_row",
        clicks=(".o_data_row:has-text('Products') .o_data_cell",),
        after=".o_form_view",
        day="end",
    ),
    Shot("issues", "/odoo/octopus-issues", ".o_data_row", day="end"),
    replace(
        PRODUCTS,
        name="product-issue",
        clicks=(
            ".o_data_row:has-text('price is zero') .o_data_cell[name=name]",
            PRODUCTS.clicks[1],
        ),
        day="end",
    ),
    replace(
        SETTINGS,
        name="alert-activity",
        after=".o-mail-Activity",
        show=".o-mail-Activity",
        day="alert",
    ),
    PRODUCTS,
)
