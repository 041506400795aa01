"""Pictures of online orders in the Point of Sale."""

from dataclasses import replace

from .. import scene
from .shot import PHONE, Shot, variants

# The Point of Sale shows the tab again that was chosen last, in another picture.
OPEN = ".status-tabs [data-status=take_action]"
ORDERS = Shot(
    "pos-online-orders",
    "/pos/ui/1/online-orders",
    OPEN,
    user="pos_login",
    clicks=(OPEN,),
    after=".online-order",
)
ORDER = replace(
    ORDERS,
    name="pos-online-order",
    clicks=(OPEN, ".online-order:has-text('Wilhelmina')"),
    after=".online-order-detail",
)
STATUS = ".online-order:has-text('Take Action') .o_octopus_order_status button"

SHOTS = (
    # First, because the other pictures mark the orders as seen.
    replace(
        ORDERS,
        name="pos-opened",
        path="/pos/ui/1",
        wait=".screen-login",
        clicks=(),
        after=".o_notification",
        day="unseen",
    ),
    ORDERS,
    *variants(ORDERS, "arabic", "tablet", "one", "many"),
    replace(ORDERS, name="pos-phone", size=PHONE),
    replace(
        ORDERS,
        name="pos-empty",
        stage=scene.EMPTY,
        after=".online-orders-screen .fa-check-circle-o",
    ),
    replace(
        ORDERS,
        name="pos-not-found",
        stage=scene.ONE,
        clicks=(".status-tabs [data-status=completed]",),
        after=".online-orders-screen .fa-globe",
    ),
    replace(ORDERS, name="pos-status", clicks=(OPEN, STATUS), after=".o_octopus_order_status_menu"),
    replace(ORDERS, name="pos-sound", clicks=(OPEN, ".volume"), after=".o-dropdown--menu"),
    replace(
        ORDERS,
        name="pos-offline",
        offline=True,
        clicks=(".online-order:has-text('Wilhelmina')",),
        after=".online-orders-screen .alert-warning",
    ),
    replace(
        ORDERS,
        name="pos-cancel",
        clicks=(OPEN, STATUS, ".o_octopus_order_status_menu [data-status=cancelled]"),
        after=".modal-footer",
    ),
    # As in the manual: Orders, then the tab.
    replace(
        ORDERS,
        name="pos-orders-tab",
        clicks=(".online-orders-screen .nav-link:has-text('All Orders')",),
        after=".online-orders-tab",
    ),
    ORDER,
    *variants(ORDER, "arabic", "tablet", "phone", "small", "notebook"),
    # Some pieces are packed.
    replace(
        ORDER,
        name="pos-packing",
        clicks=(*ORDER.clicks, ".online-order-line .order-tick input"),
        after=".online-order-line.bg-success-subtle",
    ),
    replace(
        ORDER,
        name="pos-ticket",
        clicks=(*ORDER.clicks, ".online-order-detail .print"),
        after="body > .online-order-tickets",
        paper=True,
        size=(420, 800),
    ),
    replace(
        ORDERS,
        name="pos-restaurant",
        path="/pos/ui/{restaurant}/online-orders",
        restaurant=True,
        stage=scene.MANY,
    ),
)
