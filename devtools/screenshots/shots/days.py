"""Pictures of events that leave traces, which other pictures must not show."""

from dataclasses import replace

from ..day import NEW_STORE as STORE
from .orders import ORDER
from .pos import ORDERS
from .shot import Shot
from .stores import OVERVIEW, SETTINGS

NEW_STORE = f".o_data_row:has-text('{STORE}') .o_data_cell"

# Events of customers and channels.
CHANGES = (
    # A customer orders while the Point of Sale is open.
    replace(
        ORDERS,
        name="pos-alert",
        path="/pos/ui/1",
        wait=".screen-login",
        clicks=(".open-register-btn",),
        during="order",
        after=".o_notification",
    ),
    replace(
        ORDER,
        name="online-order-changed",
        clicks=(".o_data_row:has-text('Annie') .o_data_cell",),
        after=".o_field_widget[name=changes_text]",
        day="change_order",
    ),
)

SHOTS = (
    replace(
        SETTINGS,
        name="disconnected",
        wait=".o_form_view .alert-danger",
        day="disconnect",
    ),
    replace(OVERVIEW, name="overview-disconnected", wait=".alert-danger", day="disconnect"),
    replace(
        OVERVIEW,
        name="overview-oversold",
        wait=".o_octopus_overview_facts .text-danger",
        day="oversell",
    ),
    Shot("stock-dry-run", "/odoo/octopus-stock-differences", ".o_data_row", day="dry_run"),
    # Last, because it makes a second store.
    Shot(
        "checklist",
        "/odoo/octopus-stores",
        ".o_data_row",
        clicks=(NEW_STORE,),
        after=".o_field_widget[name=merchant_name] input:focus",
        show=".oe_title",  # the focused input is further down
        size=(1280, 1000),
        day="subscribe",
    ),
    Shot(
        "unsubscribed",
        "/odoo/octopus-stores",
        ".o_data_row",
        clicks=(NEW_STORE,),
        after=".o_form_view .alert-info",
        day="leave",
    ),
    Shot(
        "subscribe-again",
        "/odoo/browse-integrations",
        ".o_octopus_marketplace",
        day="leave",
    ),
)
