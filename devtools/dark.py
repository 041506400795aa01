"""Dark colours for the pictures: Odoo Community has the bundles for them, but no dark colours.

Odoo Enterprise puts its own variables before `primary_variables.scss` in these bundles. So do we,
with simple ones, in the demo's database only: whatever is drawn with Odoo's variables turns dark,
and a colour that somebody wrote by hand shows.
"""

import base64

BUNDLES = ("web.assets_web_dark", "point_of_sale.assets_prod_dark")
URL = "/linga_octopus_demo/dark.scss"
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
$o-btns-bs-override: (
    "secondary": (
        background: #3c3e4b,
        border: #3c3e4b,
        color: #f1f3f6,
        hover-background: #5a5e6b,
        hover-border: #5a5e6b,
        hover-color: #ffffff,
        active-background: #4a4266,
        active-border: #9d8fce,
        active-color: #ffffff,
    ),
);
$o-theme-text-colors: (
    "success": #4cc46a,
    "info": #4bb9d6,
    "warning": #e2b04a,
    "danger": #f0807d,
);
"""


def prepare(odoo):
    """Put the colours into the dark bundles of the demo, once."""
    if odoo.call("ir.asset", "search_count", [("path", "=", URL)]):
        return
    content = base64.b64encode(COLOURS.encode()).decode()
    odoo.call(
        "ir.attachment",
        "create",
        {
            "name": "dark.scss",
            "type": "binary",
            "url": URL,
            "datas": content,
            "public": True,
            "mimetype": "text/scss",
        },
    )
    for bundle in BUNDLES:
        asset = {"name": f"Dark colours of {bundle}", "bundle": bundle, "directive": "before"}
        odoo.call("ir.asset", "create", {**asset, "target": VARIABLES, "path": URL})


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
