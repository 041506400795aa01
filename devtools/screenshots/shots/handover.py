"""Pictures of parcels, pickups and refunds."""

from dataclasses import replace

from .orders import ORDER
from .pos import OPEN
from .pos import ORDER as POS_ORDER
from .shot import PHONE, Shot, variants

ALL = ".o_searchview_facet .o_facet_remove"  # the list opens with the filter Open
SHIP = ".o_form_statusbar button[name=action_ship]"
DIALOG = ".modal .o_form_view"


def _of(name):
    """Return the selector of the row of a customer."""
    return f".o_data_row:has-text('{name}') .o_data_cell"


def _tick(name):
    return f".o_data_row:has-text('{name}') .o_list_record_selector input"


def _pos(name):
    return (OPEN, f".online-order:has-text('{name}')")


PICKUPS = Shot("pickups", "/odoo/online-pickups", ".o_data_row", day="hand_over")
POS_PICKUP = replace(
    POS_ORDER,
    name="pos-pickup",
    clicks=_pos("Mary"),
    after=".online-order-detail .ready",
    day="hand_over",
)
POS_SHIP = replace(
    POS_ORDER,
    name="pos-ship",
    clicks=(*_pos("Katherine"), ".online-order-detail .ship"),
    fills=(
        (".modal .carrier", "DHL"),
        (".modal .tracking-number", "00340434161094021532"),
    ),
    after=".modal .pieces",
)

SHOTS = (
    replace(
        ORDER,
        name="ship",
        clicks=(_of("Katherine"), SHIP),
        fills=(
            (".modal [name=carrier] input", "DHL"),
            (".modal [name=numbers] input", "00340434161094021525"),
        ),
        after=DIALOG,
    ),
    replace(
        ORDER,
        name="ship-several",
        clicks=(
            _tick("Katherine"),
            _tick("Knuth"),
            _tick("Berners-Lee"),
            ".o_control_panel button[name=action_ship]",
        ),
        fills=(
            (".modal [name=carrier] input", "UPS"),
            (".modal [name=pasted] textarea", "1Z999AA10123456784\n1Z999AA10123456785"),
        ),
        after=DIALOG,
    ),
    replace(
        ORDER,
        name="online-order-parcels",
        clicks=(ALL, _of("Liskov"), ".nav-link[name=parcels]"),
        after=".o_field_widget[name=fulfillment_ids] .o_data_row",
        day="hand_over",
    ),
    PICKUPS,
    *variants(PICKUPS, "arabic", "small"),
    replace(
        PICKUPS,
        name="pickup",
        clicks=(_of("Mary"),),
        after=".o_form_view",
    ),
    POS_SHIP,
    POS_PICKUP,
    *variants(POS_PICKUP, "arabic", "phone", "small"),
    replace(
        POS_PICKUP,
        name="pos-hand-over",
        clicks=(*_pos("Mary"), ".online-order-detail .hand-over"),
        after=".modal .handed-to",
    ),
    replace(
        ORDER,
        name="online-order-refunded",
        clicks=(_of("Perlman"),),
        after=".o_form_view .alert-danger",
        day="refund",
    ),
    replace(
        POS_ORDER,
        name="pos-refunded",
        clicks=_pos("Perlman"),
        after=".online-order-detail .alert-danger",
        day="refund",
    ),
    replace(
        POS_ORDER,
        name="pos-partly-refunded",
        clicks=_pos("Berners-Lee"),
        day="refund",
        size=PHONE,
    ),
)
