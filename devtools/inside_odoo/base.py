"""Makes a fresh database fit for browsers and tests."""

# Debian's package leaves this file out; asking for it makes every back office page log an error.
MISSING_SCRIPT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def run(env):
    # As in every database that Odoo makes itself: without it there are no indexes for searching
    # in texts.
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    env["ir.asset"].create(
        {
            "name": "Not in Debian's package",
            "bundle": "web.assets_backend",
            "directive": "remove",
            "path": MISSING_SCRIPT,
        }
    )
    # The tour's bubbles lie over what tests and people want to click.
    env["res.users"].search([]).tour_enabled = False
