"""Takes the pictures of docs/img/ from a running demo."""

import json
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Error

from .. import paths
from ..provision import chromium as chromium_package
from ..servers.odoo_rpc import OdooSession
from ..steps import Failure, say
from . import scene
from .browser import browser
from .day import day
from .shots import SHOTS
from .shots.shot import ARABIC, ENGLISH

IMAGES = paths.ROOT / "docs" / "img"
# The app's page in Odoo's list of apps shows copies of some pictures.
STORE_PAGE = paths.ADDON / "static" / "description"
# Show what a receipt printer would print, instead of the page.
PRINT = """() => {
    window.print = (receipt) => {
        for (const element of document.body.children) {
            element.style.setProperty("display", "none", "important");
        }
        document.body.style.background = "white";
        document.body.append(receipt.cloneNode(true));
    };
}"""
NOTICES = ".o_notification"
CLOSE_NOTICES = """selector => {
    for (const button of document.querySelectorAll(`${selector} .o_notification_close`)) {
        button.click();
    }
}"""
SECONDS = 60
STORE_IMAGES = ("overview", "settings-actions", "pos-online-orders", "order-check")


def main(names):
    """Take the pictures with these names, or all; return the exit status."""
    try:
        unknown = sorted(set(names) - {shot.name for shot in SHOTS})
        if unknown:
            known = ", ".join(shot.name for shot in SHOTS)
            raise Failure(f"There is no picture {unknown[0]}; there are {known}.")
        take(_running_demo(), names)
        for name in STORE_IMAGES:
            shutil.copy(IMAGES / f"{name}.png", STORE_PAGE)
    except (Failure, Error) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


def take(demo, names=(), out=IMAGES):
    """Take the pictures with these names, or all, stage by stage of the demo."""
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    chromium_package.ensure()
    with browser() as chromium, day(demo) as events:
        camera = _Camera(demo, chromium, Path(out), events)
        for stage in sorted({shot.stage for shot in wanted}):
            shots = [shot for shot in wanted if shot.stage == stage]
            events.reconnect()  # the next stage needs Octopus
            if not scene.prepare(demo, stage):
                late = ", ".join(shot.name for shot in shots)
                say(
                    "The demo is past these, start a new one "
                    f"(./dev demo --detach --fresh --no-orders): {late}"
                )
                continue
            for shot in shots:
                camera.take(shot)
        camera.restore_languages()
        for error in camera.errors:
            say(f"console: {error}")


class _Camera:
    """A page of the browser, logged in as users of the demo.

    `errors` lists the errors in its console.
    """

    def __init__(self, demo, chromium, out, day):
        self.demo = demo
        self.day = day
        self.out = out
        self.errors = []
        self.page = chromium.new_context().new_page()
        self.page.set_default_timeout(SECONDS * 1000)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note_console)
        self.odoo = OdooSession.of(demo)
        self.sessions = {}
        self.langs = {}
        # Install it before a page is open: a request meanwhile would make Odoo keep the old list of
        # languages.
        self._install(ARABIC)

    def take(self, shot):
        """Take one picture."""
        page = self.page
        if shot.day:
            getattr(self.day, shot.day)()
        places = self.demo
        if shot.restaurant:
            places = {**places, "restaurant": scene.open_restaurant(self.odoo)}
        self._speak(shot.user, shot.lang)
        width, height = shot.size
        page.set_viewport_size({"width": width, "height": height})
        url = shot.path if shot.path.startswith("{") else "{odoo}" + shot.path
        self._open(url.format(**places), shot.user)
        page.wait_for_selector(shot.wait, state="attached")
        if shot.paper:
            page.evaluate(PRINT)
        page.context.set_offline(shot.offline)
        for selector in shot.clicks:
            page.locator(selector).first.click()
        for selector, text in shot.fills:
            page.locator(selector).first.fill(text)
            page.keyboard.press("Tab")
        if shot.during:
            getattr(self.day, shot.during)()
        if shot.after:
            page.wait_for_selector(shot.after, state="attached")
        if shot.show:
            place = page.locator(shot.show).first
            # Scroll it to the middle: at the edges, Odoo's headers cover it.
            place.evaluate("element => element.scrollIntoView({block: 'center'})")
        # Move the mouse away: otherwise the last button has its shade and its tooltip.
        page.mouse.move(0, 0)
        page.locator(".o_loading_indicator").wait_for(state="hidden")
        time.sleep(1)  # for pictures and transitions of the page
        if NOTICES not in shot.after:
            # The result of an event before may come as late as this.
            page.evaluate(CLOSE_NOTICES, NOTICES)
            page.locator(NOTICES).first.wait_for(state="hidden")
        page.screenshot(path=self.out / f"{shot.name}.png")
        page.context.set_offline(False)
        say(f"{shot.name}.png")

    def restore_languages(self):
        """Set the language of the demo's users to English again."""
        for user in self.langs:
            self._speak(user, ENGLISH)

    def _open(self, url, user):
        if user not in self.sessions:
            self.sessions[user] = OdooSession.of(self.demo, user).session_id
        cookie = {"name": "session_id", "value": self.sessions[user], "url": urljoin(url, "/")}
        self.page.context.add_cookies([cookie])
        self.page.goto(url, wait_until="domcontentloaded")

    def _note_console(self, message):
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location.get('url', '')}")

    def _speak(self, user, lang):
        """Set the language of a user."""
        if self.langs.get(user) == lang:
            return
        users = self.odoo.call("res.users", "search", [("login", "=", self.demo[user])])
        self.odoo.call("res.users", "write", users, {"lang": lang})
        self.langs[user] = lang
        self.sessions.pop(user, None)  # the login determines the direction of the pages

    def _install(self, lang):
        if self.odoo.call("res.lang", "search_count", [("code", "=", lang)]):
            return  # archived languages are not counted
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
