"""The calls that Octopus allows a store in a minute, shared by all kinds of runs.

Kinds have an order of urgency (`LANE_RESERVE`): a run stops while only the calls are left that are
reserved for more urgent kinds, and goes on in the next minute.
"""

from contextlib import suppress
from functools import partial

from psycopg2 import OperationalError

from odoo import fields
from odoo.tools import SQL

from ...const import LANE_RESERVE, RATE_LIMIT
from ...lib.moments import naive_utc


def is_low(client, kind):
    """Tell whether the calls that are left in this minute are reserved for more urgent runs.

    :param client: an OctopusClient; its last answer says how many calls are left
    :param str kind: of the run
    """
    rate = client.rate
    return bool(rate and rate.reset_at and rate.remaining <= LANE_RESERVE[kind])


def renewed_at(client):
    """Return when Octopus allows new calls, as naive UTC."""
    return naive_utc(client.rate.reset_at)


def save(run, client, calls_before):
    """Save on a run the calls of its batch, and the calls that Octopus still allows.

    :param client: an OctopusClient; None when the batch failed before it had one
    :param int calls_before: calls that the client had made before the batch
    """
    if client is None:
        return
    values = {"calls": run.calls + client.calls - calls_before}
    rate = client.rate
    if rate and rate.reset_at:
        left = max(rate.remaining, 0)
        values |= {
            "rate_limit": rate.limit or RATE_LIMIT,
            "rate_remaining": left,
            "rate_left": min(left, run.rate_left) if run.rate_limit else left,
            "rate_reset_at": renewed_at(client),
        }
    run.write(values)


def publish(account, client):
    """Save the budget of a worker's client for monitors (`octopus.rate`): after the commit, so that
    nothing waits for it."""
    rate = client.rate
    if rate and rate.reset_at:
        env = account.env
        env.cr.postcommit.add(partial(_store, env.registry, account.id, rate))


def _store(registry, account_id, rate):
    # Another worker may store the budget of the same moment: one of the two is enough.
    with suppress(OperationalError), registry.cursor() as cr:
        cr.execute(
            SQL(
                """INSERT INTO octopus_rate (account_id, remaining, reset_at)
                   SELECT id, %s, %s FROM octopus_account WHERE id = %s
                       ON CONFLICT (account_id) DO UPDATE
                      SET remaining = excluded.remaining, reset_at = excluded.reset_at""",
                rate.remaining,
                naive_utc(rate.reset_at),
                account_id,
            ),
            log_exceptions=False,
        )


def describe(run):
    """Return the priority of a run and the calls left, for the settings page.

    :return: dict of texts; empty when the run has ended
    """
    if not run._is_open():
        return {}
    kinds = list(LANE_RESERVE)
    priority = run.env._(
        "Priority %(number)s of %(count)s", number=kinds.index(run.kind) + 1, count=len(kinds)
    )
    reserve = LANE_RESERVE[run.kind]
    help_text = run.env._("Goes before everything else.")
    if reserve:
        help_text = run.env._(
            "More urgent runs go first, and this one leaves them the last %(reserve)s calls of "
            "each minute.",
            reserve=reserve,
        )
    budget = ""
    if run.rate_reset_at and run.rate_reset_at > fields.Datetime.now():
        budget = run.env._(
            "%(remaining)s of %(limit)s calls left in this minute",
            remaining=run.rate_remaining,
            limit=run.rate_limit,
        )
    return {"priority": priority, "priority_help": help_text, "budget": budget}
