"""Pictures of sending changed products, one of which Octopus refuses."""

from dataclasses import replace

from .shot import Shot

SETTINGS = Shot("catalogue-during", "/odoo/octopus-stores/1", ".o_octopus_pass")
PRODUCTS = Shot(
    "product-octopus",
    "/odoo/octopus-products",
    ".o_data_row",
    clicks=(
        ".o_data_row:has-text('Sport Shoes') .o_data_cell[name=product_tmpl_id]",
        ".nav-link[name=octopus]",
    ),
    after=".o_field_widget[name=octopus_product_ids] .o_data_row",
)

SHOTS = (
    replace(
        SETTINGS,
        name="catalogue-before",
        clicks=("button[name=action_check_catalogue]",),
        after=".modal .o_form_view",
        day="change",
    ),
    replace(SETTINGS, wait=".progress-bar-animated", day="begin"),
    replace(SETTINGS, name="catalogue-after", day="end"),
    Shot(
        "pass",
        "/odoo/octopus-passes",
        ".o_data_row",
        clicks=(".o_data_row:has-text('Products') .o_data_cell",),
        after=".o_form_view",
        day="end",
    ),
    Shot("problems", "/odoo/octopus-problems", ".o_data_row", day="end"),
    replace(
        PRODUCTS,
        name="product-problem",
        clicks=(
            ".o_data_row:has-text('price is zero') .o_data_cell[name=product_tmpl_id]",
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
