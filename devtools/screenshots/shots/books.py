"""Pictures of online sales in the books."""

from dataclasses import replace

from .orders import ORDER
from .shot import Shot, variants

CHANNEL = "Shopify"
SET_UP = Shot(
    "books-set-up",
    "/odoo/action-linga_octopus.octopus_booking_set_up_action",
    ".o_data_row",
    clicks=(f".o_data_row:has-text('{CHANNEL}') .o_data_cell",),
    after=".o_form_view .o_field_widget[name=tax_map_ids] .o_data_row",
    size=(1366, 1000),
    day="set_up_books",
)
DAYS = Shot("books-days", "/odoo/octopus-booking-days", ".o_data_row", day="book")
CLEARING = Shot(
    "books-clearing",
    "/odoo/octopus-clearing",
    ".o_group_header",
    clicks=(f".o_group_header:has-text('{CHANNEL}')",),
    after=".o_data_row",
    day="pay_out",
)

SHOTS = (
    SET_UP,
    *variants(SET_UP, "arabic"),
    replace(
        SET_UP,
        name="books-preview",
        clicks=(*SET_UP.clicks, "button[name=action_preview]"),
        after=".modal .o_data_row",
        size=(1366, 800),
    ),
    DAYS,
    replace(
        DAYS,
        name="books-calendar",
        path="/odoo/octopus-booking-days?view_type=calendar",
        wait=".o_calendar_view .fc-event",
        size=(1366, 800),
    ),
    replace(
        DAYS,
        name="books-day",
        clicks=(".o_data_row .o_data_cell",),
        after=".o_field_widget[name=line_ids] .o_data_row",
        size=(1024, 768),
    ),
    CLEARING,
    replace(
        CLEARING,
        name="books-payout",
        clicks=(
            ".o_control_panel button:has-text('Match a Payout')",
            ".modal [name=statement_line_id] input",
            ".o-autocomplete--dropdown-item",
        ),
        after=".modal .o_field_widget[name=item_ids] .o_data_row",
    ),
    replace(
        ORDER,
        name="books-order",
        clicks=(
            ".o_searchview_facet .o_facet_remove",
            ".o_data_row:has-text('Jean Bartik') .o_data_cell",
            ".nav-link[name=books]",
        ),
        after=".o_field_widget[name=ledger_line_ids] .o_data_row",
        size=(1366, 1000),
        day="book",
    ),
    Shot("books-sales", "/odoo/octopus-sales", ".o_pivot table", day="book"),
)
