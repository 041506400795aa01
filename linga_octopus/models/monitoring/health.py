"""The report for monitoring systems: which queues do not move, and since when."""

from odoo import fields

from .diagnosis import OPEN_RUN_STATES, Diagnosis, is_overdue, scheduled_actions


def health_report(env):
    """Return the state of the stores that the user may see, ready for JSON."""
    accounts = env["octopus.account"].search([("state", "!=", "unsubscribed")])
    report = {
        "accounts": [_describe_account(account) for account in accounts],
        # Stock changes are recorded by product, before the stores that they concern are known.
        "stock_events": env["octopus.stock.event"].sudo().search_count([]),
        "workers": [_describe_cron(cron) for cron in scheduled_actions(env)],
    }
    problems = [
        f"{entry['name']}: {problem}"
        for entry in (*report["accounts"], *report["workers"])
        for problem in entry["problems"]
    ]
    return {"status": "problem" if problems else "ok", "problems": problems, **report}


def _describe_account(account):
    env = account.env
    diagnosis = Diagnosis(account)
    orders = env["octopus.order"]
    mine = [("account_id", "=", account.id)]
    return {
        "id": account.id,
        "name": account.name,
        "state": account.state,
        "last_order_at": _text(orders.search(mine, order="id desc", limit=1).received_at),
        "last_poll_at": _text(account.last_orders_sync),
        "waiting_orders": orders.search_count([*mine, ("stock_state", "=", "waiting")]),
        "returning_orders": orders.search_count([*mine, ("is_return_due", "=", True)]),
        "blocked_orders": orders.search_count([*mine, ("stock_state", "=", "blocked")]),
        "untold_orders": orders.search_count([*mine, ("push_status", "=", "pending")]),
        "notifications": env["octopus.order.notification"].search_count(mine),
        "pending_levels": account.stock_pending_count,
        "failed_levels": account.stock_error_count,
        "open_runs": env["octopus.sync.run"].search_count(
            [*mine, ("state", "in", OPEN_RUN_STATES)]
        ),
        "open_problems": account.open_issue_count,
        **env["octopus.rate"]._calls_left(account),
        "oldest_seconds": {kind: _age(moment) for kind, moment in diagnosis.oldest.items()},
        "problems": _problems(account, diagnosis),
    }


def _problems(account, diagnosis):
    """Return what a person should look at, in English, because monitoring systems match on it."""
    lost = [f"connection problem: {account.state_message}"] if account.state == "error" else []
    return lost + [finding.sentence for finding in diagnosis.delays()]


def _describe_cron(cron):
    problems = {
        "is switched off": not cron.active,
        "is overdue": is_overdue(cron),
        "fails": bool(cron.failure_count),
    }
    return {
        "name": cron.cron_name,
        "active": cron.active,
        "last_success_at": _text(cron.lastcall),
        "next_at": _text(cron.nextcall),
        "failures": cron.failure_count,
        "problems": [problem for problem, is_so in problems.items() if is_so],
    }


def _text(moment):
    return moment and moment.isoformat(timespec="seconds") + "Z" or None


def _age(moment):
    """Return how many seconds ago that was."""
    return moment and int((fields.Datetime.now() - moment).total_seconds()) or 0
