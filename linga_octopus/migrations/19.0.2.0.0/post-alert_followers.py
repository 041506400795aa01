"""Staff alerts become followers of the store, with the subtypes that stand for what they chose.

Each store gets a responsible user: the first one who had activities about problems. All recipients
follow; Odoo notifies them in their inbox or by e-mail, as their preferences say. What the staff was
told stays told. The tables are dropped here, because Odoo leaves those of models that are gone.
"""

import hashlib
import json
from contextlib import suppress

from psycopg2 import IntegrityError
from psycopg2.errors import DependentObjectsStillExist

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, sql

SUBTYPES = {"on_failure": "mt_octopus_problem", "on_order": "mt_octopus_order"}
ORDER_ACTIVITY = "linga_octopus.mail_activity_type_octopus_order"
PROBLEM_ACTIVITY = "linga_octopus.mail_activity_type_octopus_problem"
KEYS = {"pass": "run", "untold": "push", "tie_out": "order_check", "drift": "stock_check"}


def migrate(cr, version):
    if sql.table_exists(cr, "octopus_alert"):
        _choose_responsible(cr)
        for column, name in SUBTYPES.items():
            _follow(cr, column, name)
    if sql.table_exists(cr, "octopus_alert_cause"):
        _keep_reported_problems(cr)
        cr.execute(
            """UPDATE octopus_order SET is_alert_due = TRUE
                 FROM octopus_alert_cause cause
                WHERE cause.order_id = octopus_order.id AND cause.told_at IS NULL"""
        )
    cr.execute(
        """UPDATE mail_activity_type type SET name = jsonb_build_object('en_US', 'Octopus Issue')
             FROM ir_model_data entry
            WHERE entry.module = 'linga_octopus' AND entry.res_id = type.id
              AND entry.name = 'mail_activity_type_octopus_problem'"""
    )
    _remove_order_activities(api.Environment(cr, SUPERUSER_ID, {}))
    # A view that the company made over these tables keeps them.
    with suppress(DependentObjectsStillExist), cr.savepoint():
        cr.execute(
            """DROP TABLE IF EXISTS
                    octopus_alert_res_users_rel, octopus_alert, octopus_alert_cause"""
        )


def _choose_responsible(cr):
    cr.execute(
        """UPDATE octopus_account account SET user_id = (
                  SELECT users.id
                    FROM octopus_alert alert
                    JOIN octopus_alert_res_users_rel recipient
                      ON recipient.octopus_alert_id = alert.id
                    JOIN res_users users ON users.id = recipient.res_users_id
                   WHERE alert.account_id = account.id AND alert.way = 'activity'
                     AND alert.on_failure AND users.active AND NOT users.share
                   ORDER BY alert.id, users.id LIMIT 1)
            WHERE user_id IS NULL"""
    )


def _follow(cr, column, subtype):
    """Make the recipients of one kind of alert followers; those who follow stay so."""
    chosen = SQL(
        """SELECT DISTINCT 'octopus.account' AS res_model, alert.account_id AS res_id,
                  users.partner_id
             FROM octopus_alert alert
             JOIN octopus_alert_res_users_rel recipient ON recipient.octopus_alert_id = alert.id
             JOIN res_users users ON users.id = recipient.res_users_id
            WHERE alert.%s AND users.active AND NOT users.share""",
        SQL.identifier(column),
    )
    cr.execute(
        SQL(
            """INSERT INTO mail_followers (res_model, res_id, partner_id)
               %s ON CONFLICT DO NOTHING""",
            chosen,
        )
    )
    cr.execute(
        SQL(
            """INSERT INTO mail_followers_mail_message_subtype_rel
                      (mail_followers_id, mail_message_subtype_id)
               SELECT follower.id, entry.res_id
                 FROM (%s) chosen
                 JOIN mail_followers follower USING (res_model, res_id, partner_id)
                 JOIN ir_model_data entry
                   ON entry.module = 'linga_octopus' AND entry.name = %s
                   ON CONFLICT DO NOTHING""",
            chosen,
            subtype,
        )
    )


def _keep_reported_problems(cr):
    cr.execute(
        """SELECT account_id, array_agg(key) FROM octopus_alert_cause
            WHERE kind = 'failure' AND solved_at IS NULL GROUP BY account_id"""
    )
    for account_id, keys in cr.fetchall():
        cr.execute(
            "UPDATE octopus_account SET reported_problems = %s WHERE id = %s",
            [json.dumps([_present_key(key) for key in keys]), account_id],
        )


def _present_key(key):
    """Return a key as it is now: by the words of now, issues by a digest of their message."""
    name, _colon, rest = key.partition(":")
    if name == "issue":
        kind, _colon, message = rest.partition(":")
        rest = f"{KEYS.get(kind, kind)}:{hashlib.sha256(message.encode()).hexdigest()[:16]}"
    elif name == "pass":
        rest = KEYS.get(rest, rest)
    name = KEYS.get(name, name)
    return f"{name}:{rest}" if rest else name


def _remove_order_activities(env):
    """Remove the activities about new orders, and their type: orders notify followers only.

    Close the activities about problems of all but the responsible user.
    """
    todos = env["mail.activity"].with_context(active_test=False)
    kind = env.ref(ORDER_ACTIVITY, raise_if_not_found=False)
    if kind:
        todos.search([("activity_type_id", "=", kind.id)]).unlink()
        # A type that a plan or an automation of the company uses stays.
        with suppress(IntegrityError), env.cr.savepoint():
            kind.unlink()
    problems = todos.search(
        [("activity_type_id", "=", env.ref(PROBLEM_ACTIVITY).id), ("active", "=", True)]
    )
    problems.filtered(
        lambda todo: env[todo.res_model].browse(todo.res_id).user_id != todo.user_id
    ).unlink()
