"""The pictures of docs/img/, taken from a running demo."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests

from . import paths
from .chromium import Chromium
from .steps import Failure, say

IMAGES = paths.ROOT / "docs" / "img"
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
    after: str = field(default="")


SHOTS = (
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
            ".o_data_row .o_octopus_order_status button",
            ".o_octopus_order_status_menu [data-status=cancelled]",
        ),
        after=".modal-footer",
    ),
)


def take(names=(), out=IMAGES, demo=None):
    """Take the pictures (those with these names, or all) of the running demo."""
    demo = demo or _running_demo()
    sessions = {}
    with Chromium() as browser:
        for shot in SHOTS:
            if names and shot.name not in names:
                continue
            session = sessions.setdefault(shot.user, _log_in(demo, shot.user))
            browser.resize(*shot.size)
            browser.open(demo["odoo"] + shot.path, [("session_id", session)])
            browser.wait_for(shot.wait)
            for selector in shot.clicks:
                browser.click(selector)
            if shot.after:
                browser.wait_for(shot.after)
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
