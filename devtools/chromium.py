"""A headless Chromium, driven over its debugging protocol: just what screenshots need."""

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import websocket

from .steps import Failure

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Chromium:
    """One window of a browser without a past; a context manager."""

    def __init__(self):
        binary = next(filter(None, map(shutil.which, NAMES)), None)
        if not binary:
            raise Failure("No Chromium found: install the package `chromium`.")
        self.binary = binary
        self.ids = itertools.count(1)
        self.problems = []

    def __enter__(self):
        self.profile = tempfile.mkdtemp(prefix="linga-octopus-chromium-")
        self.process = subprocess.Popen(
            [
                self.binary,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--user-data-dir={self.profile}",
                "about:blank",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port = self._wait_for_port()
        with urlopen(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
            page = next(tab for tab in json.load(answer) if tab["type"] == "page")
        self.socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=60)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        return self

    def __exit__(self, *_exception):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _wait_for_port(self):
        marker = Path(self.profile) / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError, IndexError):
                return int(marker.read_text().split()[0])
            time.sleep(0.1)
        raise Failure("Chromium does not start.")

    def send(self, method, **params):
        """Call a method of the protocol and return its result."""
        number = next(self.ids)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise Failure(f"Chromium: {method}: {message['error']['message']}")
                return message["result"]
            self._note_problem(message)

    def _note_problem(self, message):
        params = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif message.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.problems.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    def resize(self, width, height, *, scale=1):
        """Set the size of the window; a narrow one is a phone with a touch screen."""
        phone = width < 600
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=phone,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=phone)

    def run(self, script):
        """Evaluate JavaScript in the page; a promise is waited for."""
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Failure(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def open(self, url, cookies=()):
        """Go to `url`, with these (name, value) cookies."""
        for name, value in cookies:
            self.send("Network.setCookie", name=name, value=value, url=url)
        self.send("Page.navigate", url=url)

    def wait_for(self, condition, seconds=60):
        """Wait until a selector matches (or, starting with `return`, JavaScript answers true)."""
        body = condition
        if not condition.startswith("return "):
            body = f"return !!document.querySelector({json.dumps(condition)})"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(Failure):  # the page may be on its way to another one
                if self.run(f"(() => {{ {body} }})()"):
                    return
            time.sleep(0.2)
        raise Failure(f"Waited {seconds} s in vain for {condition}")

    def click(self, selector):
        """Wait for an element and click it."""
        self.wait_for(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def picture(self, path):
        """Save what the window shows as a PNG."""
        answer = self.send("Page.captureScreenshot", format="png")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(answer["data"]))
