"""A minimal JSON-RPC client of Odoo: a session, and methods of models."""

import itertools
import json
import urllib.request
from http.cookiejar import CookieJar

from ..steps import Failure


class OdooSession:
    """A session on the database `db` of the Odoo at `url`.

    :raise Failure: when Odoo refuses the login, or a call
    """

    def __init__(self, url, db, login, password):
        self.url = url
        self._ids = itertools.count(1)
        self._cookies = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._cookies)
        self._opener = urllib.request.build_opener(cookies)
        self._post("/web/session/authenticate", {"db": db, "login": login, "password": password})

    @classmethod
    def of(cls, demo, user="login"):
        """Log in to a demo (see .local/demo.json) as its user `login` or `pos_login`."""
        password = user.replace("login", "password")
        return cls(demo["odoo"], demo["db"], demo[user], demo[password])

    @property
    def session_id(self):
        """The value of the cookie `session_id`, for a browser."""
        return next(cookie.value for cookie in self._cookies if cookie.name == "session_id")

    def call(self, model, method, *args, **kwargs):
        """Return the result of `method` of `model`."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def _post(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "id": next(self._ids), "params": params}
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=300) as response:
            answer = json.load(response)
        if "error" in answer:
            error = answer["error"]
            reason = error.get("data", {}).get("message") or error["message"]
            raise Failure(f"Odoo refused {path}: {reason}")
        return answer.get("result")  # absent when the method returns None
