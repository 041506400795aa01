"""The pictures of docs/img/, taken from a running demo."""

import json
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import requests

from . import paths, scene
from .chromium import Chromium
from .steps import Failure, say

IMAGES = paths.ROOT / "docs" / "img"
# The page of the app in Odoo's list of apps shows some of them too.
STORE_PAGE = paths.ADDON / "static" / "description"
STORE_IMAGES = ("overview", "settings-actions", "till-online-orders", "tie-out")
DESKTOP = (1280, 800)
PHONE = (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: where to go, what to wait for and click, how large the window is."""

    name: str
    path: str
    wait: str
    clicks: tuple = ()
    size: tuple = DESKTOP
    user: str = "login"
    after: str = ""
    show: str = ""  # scrolled to


SHOTS = (
    Shot("overview", "/odoo/octopus", ".o_octopus_overview"),
    Shot("browse-and-subscribe", "/odoo/browse-integrations", ".o_octopus_marketplace"),
    Shot(
        "subscribe",
        "/odoo/browse-integrations",
        ".o_octopus_marketplace",
        clicks=(".o_octopus_subscribe",),
        after=".modal-footer",
    ),
    Shot("manage-integrations", "/odoo/octopus-stores", ".o_data_row"),
    Shot("settings-actions", "/odoo/octopus-stores/1", ".o_octopus_pass"),
    Shot(
        "settings-settings",
        "/odoo/octopus-stores/1",
        ".o_octopus_pass",
        clicks=(".nav-link[name=settings]",),
        after=".o_field_widget[name=merchant_name]",
    ),
    Shot("settings-phone", "/odoo/octopus-stores/1", ".o_octopus_pass", size=PHONE),
    Shot("online-orders", "/odoo/online-orders", ".o_data_row"),
    Shot("online-orders-phone", "/odoo/online-orders", ".o_kanban_record, .o_data_row", size=PHONE),
    Shot(
        "online-orders-kanban",
        "/odoo/online-orders",
        ".o_data_row",
        clicks=(".o_switch_view.o_kanban",),
        after=".o_kanban_record",
    ),
    Shot(
        "online-order",
        "/odoo/online-orders",
        ".o_data_row",
        clicks=(".o_data_row .o_data_cell",),
        after=".o_form_view",
    ),
    Shot(
        "online-order-cancel",
        "/odoo/online-orders",
        ".o_data_row",
        clicks=(
            ".o_data_row:has-text('Take Action') .o_octopus_order_status button",
            ".o_octopus_order_status_menu [data-status=cancelled]",
        ),
        after=".modal-footer",
    ),
    Shot("sales-graph", "/odoo/online-orders?view_type=graph", ".o_graph_renderer canvas"),
    Shot("products", "/odoo/octopus-products", ".o_data_row"),
    Shot("tie-outs", "/odoo/octopus-tie-outs", ".o_data_row"),
    Shot(
        "tie-out",
        "/odoo/octopus-tie-outs",
        ".o_data_row",
        clicks=(".o_data_row:has-text('Differs') .o_data_cell", ".nav-link[name=differences]"),
        after=".o_field_widget[name=difference_ids] .o_data_row",
    ),
    Shot(
        "settings-alerts",
        "/odoo/octopus-stores/1",
        ".o_octopus_pass",
        clicks=(".nav-link[name=settings]",),
        after=".o_field_widget[name=alert_ids]",
        show=".o_field_widget[name=alert_ids]",
    ),
    Shot("problems", "/odoo/octopus-problems", ".o_list_view, .o_view_nocontent"),
    Shot("passes", "/odoo/octopus-passes", ".o_data_row"),
    Shot("stock-levels", "/odoo/octopus-stock", ".o_data_row"),
    Shot(
        "stock-why",
        "/odoo/octopus-stock",
        ".o_data_row",
        clicks=(".o_data_row:has-text('Office Chair') .o_data_cell",),
        after=".o_form_view",
    ),
    Shot("stock-differences", "/odoo/octopus-stock-differences", ".o_data_row"),
    Shot(
        "stock-dry-run",
        "/odoo/octopus-stock-differences",
        ".o_data_row",
        clicks=(
            ".o_searchview_dropdown_toggler",
            ".o_filter_menu :text('Dry Run')",
            ".o_searchview_dropdown_toggler",
        ),
        after=".o_searchview_facet",
    ),
    Shot(
        "odoo-settings",
        "/odoo/settings#point_of_sale",
        ".app_settings_block[data-key=point_of_sale]",
        show="#octopus_stores",
    ),
    Shot(
        "till-online-orders",
        "/pos/ui/1/online-orders",
        ".online-order",
        user="pos_login",
    ),
    Shot(
        "till-online-order",
        "/pos/ui/1/online-orders",
        ".online-order",
        clicks=(".online-order",),
        user="pos_login",
    ),
    Shot("till-phone", "/pos/ui/1/online-orders", ".online-order", user="pos_login", size=PHONE),
    Shot("octopus-shop", "{sandbox}/", "main"),
)


def main(names):
    """Take the pictures with these names, or all; answers the exit status."""
    try:
        unknown = sorted(set(names) - {shot.name for shot in SHOTS})
        if unknown:
            known = ", ".join(shot.name for shot in SHOTS)
            raise Failure(f"There is no picture {unknown[0]}; there are {known}.")
        demo = _running_demo()
        scene.prepare(demo)
        take(demo, names)
        for name in STORE_IMAGES:
            shutil.copy(IMAGES / f"{name}.png", STORE_PAGE)
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


def take(demo, names=(), out=IMAGES):
    """Take the pictures (those with these names, or all) of a demo."""
    sessions = {}
    with Chromium() as browser:
        for shot in SHOTS:
            if names and shot.name not in names:
                continue
            session = sessions.setdefault(shot.user, _log_in(demo, shot.user))
            browser.resize(*shot.size)
            url = shot.path if shot.path.startswith("{") else "{odoo}" + shot.path
            browser.open(url.format(**demo), [("session_id", session)])
            browser.wait_for(shot.wait)
            for selector in shot.clicks:
                browser.click(selector)
            if shot.after:
                browser.wait_for(shot.after)
            if shot.show:
                browser.page.locator(shot.show).first.scroll_into_view_if_needed()
            time.sleep(1)  # pictures and transitions inside the page
            browser.picture(Path(out) / f"{shot.name}.png")
            say(f"{shot.name}.png")
        for problem in browser.problems:
            say(f"console: {problem}")


def _running_demo():
    try:
        return json.loads((paths.LOCAL / "demo.json").read_text())
    except FileNotFoundError as error:
        raise Failure("No demo is running: start one with ./dev demo --detach.") from error


def _log_in(demo, user):
    """Return the session id of a user: `login` (the admin) or `pos_login` (a cashier)."""
    prefix = user.removesuffix("login")
    answer = requests.post(
        f"{demo['odoo']}/web/session/authenticate",
        json={
            "params": {
                "db": demo["db"],
                "login": demo[user],
                "password": demo[f"{prefix}password"],
            }
        },
        timeout=60,
    )
    if "error" in answer.json():
        raise Failure(f"{demo[user]} cannot log in to the demo.")
    return answer.cookies["session_id"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
