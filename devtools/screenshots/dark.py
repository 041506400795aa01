"""Dark colours for the pictures: Odoo Community has the bundles for them, but no dark colours.

Odoo Enterprise puts its own variables before `primary_variables.scss` in these bundles. So do we,
with simple ones, in the demo's database only: whatever is drawn with Odoo's variables turns dark,
and a colour that somebody wrote by hand shows.
"""

import base64

BUNDLES = ("web.assets_web_dark", "point_of_sale.assets_prod_dark")
URL = "/linga_octopus_demo/dark.scss"
TILL_URL = "/linga_octopus_demo/dark_till.scss"
VARIABLES = "web/static/src/scss/primary_variables.scss"
LIGHT_BUNDLE = "**/web.assets_web.*css"
COLOURS = """
$o-webclient-color-scheme: dark;
$o-white: #1b1d26;
$o-black: #ffffff;
$o-view-background-color: #1b1d26;
$o-navbar-background: #262a36;
$o-navbar-brand-color: #ffffff;
$o-navbar-entry-color: #d9dde3;
$o-gray-100: #262a36;
$o-gray-200: #2f3341;
$o-gray-300: #3c3e4b;
$o-gray-400: #5a5e6b;
$o-gray-500: #6b707f;
$o-gray-600: #9aa0ac;
$o-gray-700: #b9bfc9;
$o-gray-800: #d9dde3;
$o-gray-900: #f1f3f6;
$o-brand-primary: #9d8fce;
$o-community-color: #4a4266;
$o-theme-text-colors: (
    "success": #4cc46a,
    "info": #4bb9d6,
    "warning": #e2b04a,
    "danger": #f0807d,
);
"""
# The till's own stylesheet has these in light colours, whatever the variables say.
TILL_COLOURS = """
.btn-secondary {
    --btn-bg: #3c3e4b;
    --btn-border-color: #5a5e6b;
}
"""


def prepare(odoo):
    """Put the colours into the dark bundles of the demo, once."""
    if odoo.call("ir.asset", "search_count", [("path", "=", URL)]):
        return
    for url, colours in ((URL, COLOURS), (TILL_URL, TILL_COLOURS)):
        _attach(odoo, url, colours)
    for bundle in BUNDLES:
        _add(odoo, bundle, URL, directive="before", target=VARIABLES)
    _add(odoo, BUNDLES[-1], TILL_URL, directive="append")


def _attach(odoo, url, text):
    content = base64.b64encode(text.encode()).decode()
    values = {"name": url, "type": "binary", "url": url, "datas": content}
    odoo.call("ir.attachment", "create", {**values, "public": True, "mimetype": "text/scss"})


def _add(odoo, bundle, path, **how):
    values = {"name": f"Dark colours of {bundle}", "bundle": bundle, "path": path}
    odoo.call("ir.asset", "create", {**values, **how})


def switch(context, *, on):
    """Give the back office its dark bundle, or its usual one; the till has a cookie for that."""
    context.unroute(LIGHT_BUNDLE)
    if on:
        context.route(LIGHT_BUNDLE, _answer_dark)


def _answer_dark(route):
    url = route.request.url
    head, name = url.rsplit("/", 1)
    site = head.split("/web/assets/")[0]
    dark = name.replace("web.assets_web.", "web.assets_web_dark.")
    answer = route.fetch(url=f"{site}/web/assets/any/{dark}")
    route.fulfill(response=answer, headers={**answer.headers, "cache-control": "no-store"})
