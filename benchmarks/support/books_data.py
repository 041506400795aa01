"""What the benchmark of booking books, and the ledgers that it reads."""

from odoo.fields import Command
from odoo.tools import SQL

RATES = ("0", "0.05", "0.1", "0.19", "0.21")
INCOMES = 8  # with the rates: 40 pairs of tax and account
LINES_A_DAY = 274  # 1,000,000 lines are ten years
OPEN_DAYS = 30  # the channel pays out a month later
PLACED = "2026-11-20T10:00:00-05:00"
ACCOUNTS = {
    "clearing_account_id": ("asset_current", True),
    "income_account_id": ("income", False),
    "shipping_account_id": ("income", False),
    "rounding_account_id": ("expense", False),
    "tip_account_id": ("liability_current", False),
    "gift_card_account_id": ("liability_current", False),
}
# Tables that exist in each size.
TABLES = ("octopus_ledger_line", "octopus_booking_day", "account_move", "account_move_line")


def make_channel(env):
    """Return the confirmed accounting of a channel with 8 products, each with an income account."""
    account = env["octopus.account"].create({"name": "Benchmark"})
    for number in range(INCOMES):
        env["product.product"].create(
            {
                "name": f"Item {number}",
                "default_code": f"ITEM-{number}",
                "is_storable": True,
                "property_account_income_id": _account(env, f"Income {number}", "income").id,
            }
        )
    # The first orders show the taxes, which are listed as soon as the accounting is set up.
    orders = env["octopus.order"]
    for number in range(1, len(RATES) + 1):
        orders |= orders._ingest(account, make_payload(-INCOMES * number))
    booking_map = env["octopus.booking.map"].create(
        {
            "channel_id": orders.channel_id.id,
            "start_day": "2026-11-01",
            "waits_for_check": False,
            **{
                name: _account(env, name, kind, reconcile=reconcile).id
                for name, (kind, reconcile) in ACCOUNTS.items()
            },
        }
    )
    for tax in booking_map.tax_map_ids:
        tax.tax_id = _tax(env, float(tax.rate) * 100)
    booking_map.action_confirm()
    booking_map._note_used({booking_map.clearing_account_id.id})  # it has been booked before
    # They are no part of the day.
    env.cr.execute("UPDATE octopus_order SET ledger_seen_at = write_date")
    return booking_map


def _account(env, name, kind, *, reconcile=False):
    accounts = env["account.account"]
    code = accounts._search_new_account_code("977000")
    return accounts.create(
        {"name": name, "account_type": kind, "code": code, "reconcile": reconcile}
    )


def _tax(env, amount):
    account = _account(env, f"VAT {amount:g}", "liability_current")
    return env["account.tax"].create(
        {
            "name": f"Bench {amount:g}%",
            "amount": amount,
            "type_tax_use": "sale",
            **{
                f"{document}_repartition_line_ids": [
                    Command.create({"document_type": document, "repartition_type": "base"}),
                    Command.create(
                        {
                            "document_type": document,
                            "repartition_type": "tax",
                            "account_id": account.id,
                        }
                    ),
                ]
                for document in ("invoice", "refund")
            },
        }
    )


def make_payload(number):
    """Return an order of the day with two lines; all orders together have all 40 pairs."""
    lines = [
        _line(number * 2 + at, number + at * 3, (number // INCOMES + at) % len(RATES))
        for at in range(2)
    ]
    net = sum(float(line["price"]) for line in lines)
    tax = sum(float(line["tax_lines"][0]["price"]) for line in lines)
    return {
        "id": 70_000_000 + number,
        "source": "SHOPIFY",
        "order_number": str(number),
        "created_at": PLACED,
        "octopus_created_at": PLACED,
        "octopus_updated_at": PLACED,
        "customer": {"id": 7, "first_name": "Ada", "last_name": "Lovelace"},
        "financial_status": "paid",
        "total_tax": f"{tax:.2f}",
        "total_price": f"{net + tax:.2f}",
        "line_items": lines,
    }


def _line(line_id, item, rate):
    price = 10 + item % 97
    return {
        "id": 90_000_000 + line_id,
        "sku": f"ITEM-{item % INCOMES}",
        "title": "Item",
        "quantity": 1,
        "price": f"{price}.00",
        "tax_lines": [
            {
                "title": f"VAT {rate}",
                "rate": float(RATES[rate]),
                "price": f"{price * float(RATES[rate]):.2f}",
            }
        ],
    }


def make_user(env):
    """Return the id of an accountant."""
    groups = ("base.group_user", "account.group_account_manager")
    values = {
        "name": "Accountant",
        "login": "bench-accountant",
        "tz": "UTC",
        "group_ids": [Command.link(env.ref(group).id) for group in groups],
    }
    return env["res.users"].create(values).id


def make_tables(env, schema, count):
    """Make tables in a schema of their own with `count` lines of the ledger, one entry a day."""
    day = env["octopus.booking.day"].search([], limit=1)
    line, move = day.line_ids[:1], day.move_ids[:1]
    order = env["octopus.order"].search([], limit=1, order="id")
    clearing = env["octopus.clearing"].search([], limit=1)
    env.cr.execute(SQL("CREATE SCHEMA %s", SQL.identifier(schema)))
    env.cr.execute(SQL("GRANT USAGE ON SCHEMA %s TO CURRENT_USER", SQL.identifier(schema)))
    for table in TABLES:
        query = "CREATE TABLE %s (LIKE %s INCLUDING ALL)"
        own = SQL.identifier(schema, table)
        env.cr.execute(SQL(query, own, SQL.identifier("public", table)))
    days = max(count // LINES_A_DAY, 1)
    number = SQL("number")
    day_id = SQL("1 + number / %s", LINES_A_DAY)
    copied = (
        (
            ("octopus_booking_day", day.id, days),
            {"id": number, "day": SQL("date '2026-11-20' - number::int")},
        ),
        (
            ("account_move", move.id, days),
            {"id": number, "octopus_day_id": number, "name": SQL("'BENCH/' || number")},
        ),
        (
            ("account_move_line", clearing.id, days),
            {
                "id": number,
                "move_id": number,
                "reconciled": SQL("number > %s", OPEN_DAYS),
                "amount_residual_currency": SQL(
                    "CASE WHEN number > %s THEN 0 ELSE amount_currency END", OPEN_DAYS
                ),
            },
        ),
        (
            ("octopus_ledger_line", line.id, days * LINES_A_DAY - 1),
            {
                "id": number,
                "order_id": SQL("%s + number - 1", order.id),
                "day_id": day_id,
                "day": SQL("date '2026-11-20' - (number / %s)::int", LINES_A_DAY),
                "move_id": day_id,
            },
        ),
    )
    for (table, row_id, rows), values in copied:
        _copy(env, schema, table, row_id, rows, values)


def _copy(env, schema, table, row_id, count, values):
    """Insert `count` copies of a row of a public table; `number` counts them from 1."""
    columns = [
        name
        for (name,) in env.execute_query(
            SQL(
                """SELECT column_name FROM information_schema.columns WHERE table_name = %s
                      AND table_schema = 'public' AND is_generated = 'NEVER'""",
                table,
            )
        )
    ]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s pattern, generate_series(1, %s) number"
            " WHERE pattern.id = %s",
            SQL.identifier(schema, table),
            SQL(", ").join(SQL.identifier(name) for name in columns),
            SQL(", ").join(
                values[name] if name in values else SQL.identifier("pattern", name)
                for name in columns
            ),
            SQL.identifier("public", table),
            count,
            row_id,
        )
    )
