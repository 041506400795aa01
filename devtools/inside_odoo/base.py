"""Prepares a new database for browsers and tests."""

# Debian's package lacks this file, so every page of the back office would log an error.
MISSING_SCRIPT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def run(env):
    # Odoo does this in the databases that it creates; the indexes for text search need it.
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    env["ir.asset"].create(
        {
            "name": "Not in Debian's package",
            "bundle": "web.assets_backend",
            "directive": "remove",
            "path": MISSING_SCRIPT,
        }
    )
    # The bubbles of Odoo's tour cover elements that tests and people click.
    env["res.users"].search([]).tour_enabled = False
