"""The pictures of docs/img/, taken from a running demo."""

import json
import shutil
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import requests

from . import dark, node, paths, scene, scene_catalogue
from .chromium import Chromium
from .odoo_rpc import OdooSession
from .steps import Failure, say

IMAGES = paths.ROOT / "docs" / "img"
# The page of the app in Odoo's list of apps shows some of them too.
STORE_PAGE = paths.ADDON / "static" / "description"
STORE_IMAGES = ("overview", "settings-actions", "till-online-orders", "tie-out")
DESKTOP = (1280, 800)
TABLET = (1180, 820)
PHONE = (390, 844)
ENGLISH = "en_US"
ARABIC = "ar_001"


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
    show: str = ""  # scrolled to the middle
    stage: int = scene.DAY
    dark: bool = False
    restaurant: bool = False  # its till is {restaurant}
    lang: str = ENGLISH
    day: str = ""  # what of scene_catalogue.Day happens before


def _variants(shot, *names):
    """The same picture in other colours, languages, sizes and stages."""
    kinds = {
        "dark": {"dark": True},
        "arabic": {"lang": ARABIC},
        "arabic-phone": {"lang": ARABIC, "size": PHONE},
        "tablet": {"size": TABLET},
        "phone": {"size": PHONE},
        "many": {"stage": scene.MANY},
        "one": {"stage": scene.ONE},
    }
    return tuple(replace(shot, name=f"{shot.name}-{name}", **kinds[name]) for name in names)


ORDERS = Shot("online-orders", "/odoo/online-orders", ".o_data_row")
CARDS = Shot(
    "online-orders-kanban",
    "/odoo/online-orders",
    ".o_data_row",
    clicks=(".o_switch_view.o_kanban",),
    after=".o_kanban_record",
)
# The order whose names are as long as they come.
ORDER = Shot(
    "online-order",
    "/odoo/online-orders",
    ".o_data_row",
    clicks=(".o_data_row:has-text('BIGCOMMERCE'):has-text('Wilhelmina') .o_data_cell",),
    after=".o_form_view",
)
TILL_ORDERS = Shot(
    "till-online-orders", "/pos/ui/1/online-orders", ".online-order", user="pos_login"
)
TILL_ORDER = replace(
    TILL_ORDERS,
    name="till-online-order",
    clicks=(".online-order:has-text('Wilhelmina')",),
    after=".online-order-detail",
)

SHOTS = (
    Shot("overview", "/odoo/octopus", ".o_octopus_overview"),
    Shot("browse-and-subscribe", "/odoo/browse-integrations", ".o_octopus_marketplace"),
    Shot(
        "subscribe",
        "/odoo/browse-integrations",
        ".o_octopus_marketplace",
        clicks=(
            ".o_octopus_subscribe",
            ".modal .o_field_widget[name=pos_config_ids] input",
            ".o-autocomplete--dropdown-item",
        ),
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
    Shot(
        "settings-alerts",
        "/odoo/octopus-stores/1",
        ".o_octopus_pass",
        clicks=(".nav-link[name=settings]",),
        after=".o_field_widget[name=alert_ids]",
        show=".o_field_widget[name=alert_ids]",
    ),
    Shot("settings-phone", "/odoo/octopus-stores/1", ".o_octopus_pass", size=PHONE),
    ORDERS,
    *_variants(ORDERS, "dark", "arabic", "tablet", "one", "many"),
    replace(ORDERS, name="online-orders-empty", stage=scene.EMPTY, wait=".o_view_nocontent"),
    replace(ORDERS, name="online-orders-phone", wait=".o_kanban_record", size=PHONE),
    CARDS,
    *_variants(CARDS, "dark"),
    ORDER,
    *_variants(ORDER, "dark", "arabic", "tablet"),
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
    # As the printer's PDF, which no browser shows by itself.
    Shot(
        "picking-ticket",
        "/report/html/linga_octopus.report_picking_ticket/10",
        ".page",
        size=(800, 1000),
    ),
    Shot(
        "picking-receipt",
        "/report/html/linga_octopus.report_picking_receipt/10",
        ".page",
        size=(420, 800),
    ),
    replace(
        ORDER,
        name="choose-product",
        clicks=(*ORDER.clicks, "button[name=action_choose_product]"),
        after=".modal .o_form_view",
    ),
    Shot(
        "fetch-orders",
        "/odoo/online-orders",
        ".o_data_row",
        clicks=(".o_control_panel button:has-text('Fetch')",),
        after=".modal .o_form_view",
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
    Shot(
        "sales-graph",
        "/odoo/online-orders?view_type=graph",
        ".o_graph_renderer canvas",
        stage=scene.MANY,
    ),
    Shot(
        "reporting",
        "/odoo/online-orders-analysis",
        ".o_graph_renderer canvas, .o_pivot table",
        stage=scene.MANY,
    ),
    Shot("products", "/odoo/octopus-products", ".o_data_row"),
    Shot("tie-outs", "/odoo/octopus-tie-outs", ".o_data_row"),
    Shot(
        "tie-out",
        "/odoo/octopus-tie-outs",
        ".o_data_row",
        clicks=(".o_data_row:has-text('Differs') .o_data_cell", ".nav-link[name=differences]"),
        after=".o_field_widget[name=difference_ids] .o_data_row",
    ),
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
        "odoo-settings",
        "/odoo/settings#point_of_sale",
        ".app_settings_block[data-key=point_of_sale]",
        show="#octopus_stores",
    ),
    TILL_ORDERS,
    *_variants(TILL_ORDERS, "dark", "arabic", "tablet", "one", "many"),
    replace(TILL_ORDERS, name="till-phone", size=PHONE),
    replace(
        TILL_ORDERS, name="till-empty", stage=scene.EMPTY, wait=".online-orders-screen .fa-globe"
    ),
    replace(
        TILL_ORDERS,
        name="till-cancel",
        clicks=(
            ".online-order:has-text('Take Action') .o_octopus_order_status button",
            ".o_octopus_order_status_menu [data-status=cancelled]",
        ),
        after=".modal-footer",
    ),
    # The way of the manual: Orders, then the tab.
    replace(
        TILL_ORDERS,
        name="till-orders-tab",
        clicks=(".online-orders-screen .nav-link:has-text('All Orders')",),
        after=".online-orders-tab",
    ),
    TILL_ORDER,
    *_variants(TILL_ORDER, "dark", "arabic", "tablet", "phone"),
    replace(
        TILL_ORDERS,
        name="till-restaurant",
        path="/pos/ui/{restaurant}/online-orders",
        restaurant=True,
        stage=scene.MANY,
    ),
    Shot("octopus-shop", "{sandbox}/", "main"),
    Shot(
        "catalogue-before",
        "/odoo/octopus-stores/1",
        ".o_octopus_pass",
        clicks=("button[name=action_check_catalogue]",),
        after=".modal .o_form_view",
        day="change",
    ),
    Shot("catalogue-during", "/odoo/octopus-stores/1", ".progress-bar-animated", day="begin"),
    Shot("catalogue-after", "/odoo/octopus-stores/1", ".o_octopus_pass", day="end"),
    Shot(
        "pass",
        "/odoo/octopus-passes",
        ".o_data_row",
        clicks=(".o_data_row:has-text('Products') .o_data_cell",),
        after=".o_form_view",
        day="end",
    ),
    Shot("problems", "/odoo/octopus-problems", ".o_data_row", day="end"),
    Shot(
        "product-problem",
        "/odoo/octopus-products",
        ".o_data_row",
        clicks=(
            ".o_data_row:has-text('price is zero') .o_data_cell[name=product_tmpl_id]",
            ".nav-link[name=octopus]",
        ),
        after=".o_field_widget[name=octopus_product_ids] .o_data_row",
        day="end",
    ),
    Shot(
        "product-octopus",
        "/odoo/octopus-products",
        ".o_data_row",
        clicks=(
            ".o_data_row:has-text('Sport Shoes') .o_data_cell[name=product_tmpl_id]",
            ".nav-link[name=octopus]",
        ),
        after=".o_field_widget[name=octopus_product_ids] .o_data_row",
    ),
    Shot(
        "overview-below-zero",
        "/odoo/octopus",
        ".o_octopus_overview_facts .text-danger",
        day="oversell",
    ),
    Shot("stock-dry-run", "/odoo/octopus-stock-differences", ".o_data_row", day="dry_run"),
    # At the end: from now on there are two stores.
    Shot(
        "checklist",
        "/odoo/octopus-stores",
        ".o_data_row",
        clicks=(f".o_data_row:has-text('{scene_catalogue.NEW_STORE}') .o_data_cell",),
        after=".o_field_widget[name=merchant_name] input:focus",
        show=".oe_title",  # the input that has the focus is further down
        size=(1280, 1000),
        day="subscribe",
    ),
)


def main(names):
    """Take the pictures with these names, or all; answers the exit status."""
    try:
        unknown = sorted(set(names) - {shot.name for shot in SHOTS})
        if unknown:
            known = ", ".join(shot.name for shot in SHOTS)
            raise Failure(f"There is no picture {unknown[0]}; there are {known}.")
        node.ensure()  # rtlcss, for Arabic
        take(_running_demo(), names)
        for name in STORE_IMAGES:
            shutil.copy(IMAGES / f"{name}.png", STORE_PAGE)
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


def take(demo, names=(), out=IMAGES):
    """Take the pictures (those with these names, or all) of a demo, as it goes on."""
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    with Chromium() as browser, scene_catalogue.day(demo) as day:
        camera = _Camera(demo, browser, Path(out))
        for stage in sorted({shot.stage for shot in wanted}):
            shots = [shot for shot in wanted if shot.stage == stage]
            if not scene.prepare(demo, stage):
                late = ", ".join(shot.name for shot in shots)
                say(f"The demo is past these, begin anew (./dev demo --detach --fresh): {late}")
                continue
            for shot in shots:
                if shot.day:
                    getattr(day, shot.day)()
                camera.take(shot)
        camera.put_down()
        for problem in browser.problems:
            say(f"console: {problem}")


class _Camera:
    """The browser as users of the demo."""

    def __init__(self, demo, browser, out):
        self.demo = demo
        self.browser = browser
        self.out = out
        self.odoo = OdooSession(demo["odoo"], demo["db"], demo["login"], demo["password"])
        self.sessions = {}
        self.langs = {}
        # Before any page is open: whatever it asks for in the middle of that, Odoo goes on with
        # the languages of before.
        self._install(ARABIC)
        dark.prepare(self.odoo)

    def take(self, shot):
        """Take one picture."""
        browser = self.browser
        places = self.demo
        if shot.restaurant:
            places = {**places, "restaurant": scene.open_restaurant(self.odoo)}
        self._speak(shot.user, shot.lang)
        dark.switch(browser.context, on=shot.dark)
        browser.resize(*shot.size)
        url = shot.path if shot.path.startswith("{") else "{odoo}" + shot.path
        colours = "dark" if shot.dark else "light"
        cookies = [("session_id", self._session(shot.user)), ("pos_color_scheme", colours)]
        browser.open(url.format(**places), cookies)
        browser.wait_for(shot.wait)
        for selector in shot.clicks:
            browser.click(selector)
        if shot.after:
            browser.wait_for(shot.after)
        if shot.show:
            place = browser.page.locator(shot.show).first
            # In the middle: at the edges Odoo's own heads lie over it.
            place.evaluate("element => element.scrollIntoView({block: 'center'})")
        # Nothing is pointed at: what was clicked last would be shaded, and say its tooltip.
        browser.page.mouse.move(0, shot.size[1] - 1)
        time.sleep(1)  # pictures and transitions inside the page
        browser.picture(self.out / f"{shot.name}.png")
        say(f"{shot.name}.png")

    def put_down(self):
        """Leave the users of the demo with English."""
        for user in self.langs:
            self._speak(user, ENGLISH)

    def _session(self, user):
        if user not in self.sessions:
            self.sessions[user] = _log_in(self.demo, user)
        return self.sessions[user]

    def _speak(self, user, lang):
        """Have the user's screens in this language."""
        if self.langs.get(user) == lang:
            return
        users = self.odoo.call("res.users", "search", [("login", "=", self.demo[user])])
        self.odoo.call("res.users", "write", users, {"lang": lang})
        self.langs[user] = lang
        self.sessions.pop(user, None)  # the direction of the pages is that of the login

    def _install(self, lang):
        if self.odoo.call("res.lang", "search_count", [("code", "=", lang)]):
            return  # archived ones are not counted
        langs = [("code", "=", lang), ("active", "in", [True, False])]
        wanted = self.odoo.call("res.lang", "search", langs)
        wizard = self.odoo.call(
            "base.language.install", "create", {"lang_ids": wanted, "overwrite": False}
        )
        self.odoo.call("base.language.install", "lang_install", [wizard])


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
