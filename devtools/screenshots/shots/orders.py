"""Pictures of online orders in the back office."""

from dataclasses import replace

from .. import scene
from .shot import PHONE, Shot, variants

LIST = Shot("online-orders", "/odoo/online-orders", ".o_data_row")
CARDS = replace(
    LIST,
    name="online-orders-kanban",
    clicks=(".o_switch_view.o_kanban",),
    after=".o_kanban_record",
)
# The order with very long names.
ORDER = replace(
    LIST,
    name="online-order",
    clicks=(".o_data_row:has-text('BIGCOMMERCE'):has-text('Wilhelmina') .o_data_cell",),
    after=".o_form_view",
)
ALL = ".o_searchview_facet .o_facet_remove"  # the list opens with the open orders
STATUS = ".o_data_row:has-text('Take Action') .o_octopus_order_status button"
# Reports as HTML: the browser does not show the PDF.
SLIP = Shot(
    "packing-slip",
    "/report/html/linga_octopus.report_picking_ticket/10",
    ".page",
    size=(800, 1000),
)
SLIP_80MM = Shot(
    "packing-slip-80mm",
    "/report/html/linga_octopus.report_picking_receipt/10",
    ".page",
    size=(420, 800),
)
ANALYSIS = Shot("reporting", "/odoo/online-orders-analysis", ".o_pivot table", stage=scene.MANY)

SHOTS = (
    LIST,
    *variants(LIST, "arabic", "tablet", "one", "many"),
    replace(LIST, name="online-orders-empty", stage=scene.EMPTY, wait=".o_view_nocontent"),
    replace(LIST, name="online-orders-phone", wait=".o_kanban_record", size=PHONE),
    replace(
        LIST,
        name="online-orders-status",
        clicks=(STATUS,),
        after=".o_octopus_order_status_menu",
    ),
    replace(
        LIST,
        name="online-orders-search",
        clicks=(".o_searchview_dropdown_toggler",),
        after=".o_search_bar_menu",
    ),
    CARDS,
    ORDER,
    *variants(ORDER, "arabic", "tablet"),
    replace(
        ORDER,
        name="online-order-phone",
        wait=".o_kanban_record",
        clicks=(".o_kanban_record:has-text('Wilhelmina')",),
        size=PHONE,
    ),
    replace(
        ORDER,
        name="online-order-history",
        clicks=(*ORDER.clicks, ".nav-link[name=history]"),
        after=".o_field_widget[name=stock_state]",
        size=(1280, 1000),
    ),
    replace(
        ORDER,
        name="online-order-cancelled",
        clicks=(
            ALL,
            ".o_data_row:has-text('Cancelled') .o_data_cell",
            ".nav-link[name=history]",
        ),
        after=".o_field_widget[name=stock_state]",
        size=(1280, 1000),
    ),
    SLIP,
    SLIP_80MM,
    *(
        replace(shot, name=f"{shot.name}-cancelled", path=shot.path.replace("/10", "/4"))
        for shot in (SLIP, SLIP_80MM)
    ),
    replace(
        ORDER,
        name="map-product",
        clicks=(*ORDER.clicks, "button[name=action_choose_product]"),
        after=".modal .o_form_view",
    ),
    replace(
        LIST,
        name="import-orders",
        clicks=(".o_control_panel button:has-text('Import Orders')",),
        after=".modal .o_form_view",
    ),
    replace(
        LIST,
        name="online-order-cancel",
        clicks=(STATUS, ".o_octopus_order_status_menu [data-status=cancelled]"),
        after=".modal-footer",
    ),
    replace(
        LIST,
        name="sales-graph",
        path="/odoo/online-orders?view_type=graph",
        clicks=(ALL,),
        wait=".o_graph_renderer canvas",
        stage=scene.MANY,
    ),
    replace(
        LIST,
        name="sales-pivot",
        path="/odoo/online-orders?view_type=pivot",
        clicks=(ALL,),
        wait=".o_pivot table",
        stage=scene.MANY,
    ),
    ANALYSIS,
    replace(
        ANALYSIS,
        name="reporting-graph",
        clicks=(".o_switch_view.o_graph",),
        after=".o_graph_renderer canvas",
    ),
)
