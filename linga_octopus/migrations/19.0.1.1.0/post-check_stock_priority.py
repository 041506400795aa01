"""Checking the stock comes last of our scheduled actions.

Those are never written by an upgrade, as people may change them. So neither is one whose priority
is not the usual one of Odoo, that it had.
"""

from odoo import SUPERUSER_ID, api

BEFORE, NOW = 5, 11


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    action = env.ref("linga_octopus.ir_cron_octopus_stock_drift", raise_if_not_found=False)
    if action and action.priority == BEFORE:
        action.priority = NOW
