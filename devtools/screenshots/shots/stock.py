"""Pictures of products, stock levels, sync runs and order checks."""

from dataclasses import replace

from .. import scene
from .shot import Shot

CHECKS = Shot("order-checks", "/odoo/octopus-order-checks", ".o_data_row")
CHECK = replace(
    CHECKS,
    name="order-check",
    clicks=(".o_data_row:has-text('Mismatch') .o_data_cell", ".nav-link[name=differences]"),
    after=".o_field_widget[name=difference_ids] .o_data_row",
)
LEVELS = Shot("stock-levels", "/odoo/octopus-stock", ".o_data_row")

SHOTS = (
    Shot("products", "/odoo/octopus-products", ".o_data_row"),
    CHECKS,
    CHECK,
    replace(
        CHECK,
        name="order-check-channels",
        clicks=CHECK.clicks[:1],
        after=".o_field_widget[name=line_ids] .o_data_row",
    ),
    replace(
        CHECKS,
        name="order-check-ask",
        clicks=(".o_control_panel button:has-text('Check Orders')",),
        after=".modal .o_form_view",
    ),
    # The report as HTML: the browser does not show the PDF.
    Shot(
        "order-check-report",
        "/report/html/linga_octopus.report_order_check/1",
        ".page",
        size=(800, 1000),
    ),
    Shot("sync-runs", "/odoo/octopus-sync-runs", ".o_data_row"),
    LEVELS,
    replace(
        LEVELS,
        name="stock-details",
        clicks=(".o_data_row:has-text('Office Chair') .o_data_cell",),
        after=".o_form_view",
    ),
    Shot("stock-differences", "/odoo/octopus-stock-differences", ".o_data_row"),
    # Late: the menu bar of the Point of Sale stays in the pictures after this one.
    Shot(
        "category-octopus",
        "/odoo/action-point_of_sale.product_pos_category_action",
        ".o_data_row",
        clicks=(".o_data_row:has-text('Chairs') .o_data_cell[name=display_name]",),
        after=".o_field_widget[name=octopus_category_ids] .o_data_row",
        stage=scene.MANY,
    ),
)
