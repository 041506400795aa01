"""The first page of the app besides the sales: oversold products, speed, calls left, next syncs."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

CRONS = {
    "catalog": "linga_octopus.ir_cron_octopus_catalog",
    "orders": "linga_octopus.ir_cron_octopus_order_poll",
    "stock_check": "linga_octopus.ir_cron_octopus_stock_check",
}
# Products that are read at a glance; the button opens the orders of all.
SHOWN_PRODUCTS = 5


def overview_facts(accounts):
    """Return the facts of each account, by account; each kind in one query."""
    oversold = _read_oversold(accounts)
    speeds = _read_speeds(accounts)
    rates = _read_rates(accounts)
    next_calls = _read_next_calls(accounts.env)
    return {
        account: {
            "oversold": oversold.get(account.id, []),
            "speed": describe_duration(account.env, speeds.get(account.id)),
            "rate": rates.get(account.id),
            "syncs": _describe_syncs(account, next_calls),
        }
        for account in accounts
    }


def _read_oversold(accounts):
    """Return, by account id, the products below zero that open orders wait for."""
    env = accounts.env
    env.flush_all()
    rows = env.execute_query(
        SQL(
            """SELECT orders.account_id, line.product_id, stock.quantity,
                      count(DISTINCT orders.id)
                 FROM octopus_order orders
                 JOIN octopus_order_line line ON line.order_id = orders.id
                 JOIN stock_warehouse warehouse ON warehouse.id = orders.warehouse_id
                 JOIN stock_location shelf ON shelf.id = warehouse.lot_stock_id
                 JOIN LATERAL (
                      SELECT sum(quant.quantity) AS quantity
                        FROM stock_quant quant
                        JOIN stock_location place ON place.id = quant.location_id
                       WHERE quant.product_id = line.product_id
                         AND place.parent_path LIKE shelf.parent_path || '%%'
                      ) stock ON stock.quantity < 0
                WHERE orders.status = 'take_action' AND orders.is_oversold
                  AND orders.is_test IS NOT TRUE
                  AND orders.account_id IN %(accounts)s
             GROUP BY orders.account_id, line.product_id, stock.quantity
             ORDER BY stock.quantity""",
            accounts=accounts._ids or (0,),
        )
    )
    # Only the names: a user who sees the overview need not see every product.
    products_sudo = env["product.product"].sudo().browse(row[1] for row in rows)
    names = {product.id: product.display_name for product in products_sudo}
    found = {}
    for account_id, product_id, quantity, orders in rows:
        found.setdefault(account_id, []).append(
            {
                "id": product_id,
                "name": names[product_id],
                "quantity": float(quantity),
                "orders": orders,
            }
        )
    return {account_id: products[:SHOWN_PRODUCTS] for account_id, products in found.items()}


def _read_speeds(accounts):
    """Return, by account id, the median seconds from placed to closed of the last 7 days."""
    accounts.env["octopus.order"].flush_model()
    rows = accounts.env.execute_query(
        SQL(
            """SELECT account_id, percentile_cont(0.5) WITHIN GROUP (
                          ORDER BY extract(epoch FROM closed_at - transaction_time))
                 FROM octopus_order
                WHERE account_id IN %(accounts)s AND status = 'completed' AND is_test IS NOT TRUE
                  AND closed_at > %(since)s AND closed_at >= transaction_time
             GROUP BY account_id""",
            accounts=accounts._ids or (0,),
            since=fields.Datetime.now() - timedelta(days=7),
        )
    )
    return dict(rows)


def describe_duration(env, seconds):
    """Return a length of time in its two largest units; False without one."""
    if seconds is None:
        return False
    minutes = max(1, round(float(seconds) / 60))
    if minutes < 60:
        return env._("%(minutes)s min", minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    days, hours = divmod(hours, 24)
    return env._("%(days)s days %(hours)s h", days=days, hours=hours)


def _read_rates(accounts):
    """Return, by account id, the calls allowed in a minute and the fewest left in a day."""
    groups = accounts.env["octopus.sync.run"]._read_group(
        [
            ("account_id", "in", accounts.ids),
            ("rate_limit", ">", 0),
            ("create_date", ">", fields.Datetime.now() - timedelta(days=1)),
        ],
        ["account_id"],
        ["rate_limit:max", "rate_left:min"],
    )
    return {
        account.id: {"limit": limit, "left": left, "percent": round(100 * left / limit)}
        for account, limit, left in groups
    }


def _read_next_calls(env):
    # When the scheduled actions run is no secret.
    return {
        name: fields.Datetime.to_string(env.ref(xmlid).sudo().nextcall)
        for name, xmlid in CRONS.items()
    }


def _describe_syncs(account, next_calls):
    """Return of each kind when it was done last, and when or how it is done next."""
    env = account.env
    by_hand = env._("when you press Sync")
    catalog = next_calls["catalog"] if account.auto_catalog_sync else by_hand
    stock = env._("with every change") if account.auto_stock_sync else by_hand
    stock_check = (
        next_calls["stock_check"] if account.auto_stock_sync else env._("when you press it")
    )
    order_check = env._("every night") if account.order_check_nightly else env._("when you ask")
    latest = account.sync_status or {}
    checked = {
        kind: latest.get(kind, {}).get("ended_at") for kind in ("stock_check", "order_check")
    }
    kinds = [
        ("categories", env._("Categories"), account.last_categories_sync, catalog),
        ("products", env._("Products"), account.last_products_sync, catalog),
        ("stock", env._("Stock"), account.stock_published_at or account.last_stock_sync, stock),
        ("orders", env._("Orders"), account.last_orders_sync, next_calls["orders"]),
        ("stock_check", env._("Check Stock"), checked["stock_check"], stock_check),
        ("order_check", env._("Check Orders"), checked["order_check"], order_check),
    ]
    is_connected = account.state == "connected"
    return [
        {
            "kind": kind,
            "label": label,
            "last": last and fields.Datetime.to_string(fields.Datetime.to_datetime(last)),
            "next": following if is_connected else env._("when connected"),
        }
        for kind, label, last, following in kinds
    ]
