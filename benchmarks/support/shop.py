"""A big shop for the benchmarks, made by copying rows: through the ORM it would take minutes."""

from odoo.tools import SQL

from octopus_sandbox.testing import SandboxServer


def connect(env, sandbox: SandboxServer):
    """Return an account that is connected to the sandbox, with its location mapped."""
    account = env["octopus.account"].create(
        {
            "name": "Benchmark",
            "base_url": sandbox.api_url,
            "merchant_name": sandbox.merchant,
            "access_id": sandbox.access_id,
        }
    )
    account.action_subscribe()
    account.action_test_connection()
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    account.location_ids.filtered("is_default").warehouse_id = warehouse
    return account


def make_products(env, count):
    """Return `count` storable products that are sold at the till, with SKUs ITEM-1, ITEM-2, ..."""
    env["product.template"].search([]).available_in_pos = False
    pattern = env["product.template"].create(
        {
            "name": "Item",
            "default_code": "ITEM",
            "list_price": 10,
            "is_storable": True,
            "available_in_pos": True,
            "taxes_id": False,
        }
    )
    env.flush_all()
    number = SQL("series.number")
    template_ids = copy_rows(
        env,
        "product_template",
        pattern.id,
        count,
        name=SQL("jsonb_build_object('en_US', 'Item ' || %s)", number),
        default_code=SQL("'ITEM-' || %s", number),
    )
    product_ids = copy_rows(
        env,
        "product_product",
        pattern.product_variant_id.id,
        count,
        product_tmpl_id=SQL("(%s::int[])[%s]", template_ids, number),
        default_code=SQL("'ITEM-' || %s", number),
    )
    pattern.action_archive()
    env.invalidate_all()
    return env["product.product"].browse(product_ids)


def copy_rows(env, table, row_id, count, **values):
    """Insert `count` copies of a row and return their ids, in the order of series.number."""
    names = [
        name
        for (name,) in env.execute_query(
            SQL(
                """SELECT column_name FROM information_schema.columns
                    WHERE table_name = %s AND is_generated = 'NEVER' AND column_name != 'id'""",
                table,
            )
        )
    ]
    columns = SQL(", ").join(SQL.identifier(name) for name in names)
    sources = SQL(", ").join(
        values[name] if name in values else SQL.identifier("pattern", name) for name in names
    )
    rows = env.execute_query(
        SQL(
            """INSERT INTO %s (%s)
               SELECT %s FROM %s pattern, generate_series(1, %s) AS series(number)
                WHERE pattern.id = %s ORDER BY series.number RETURNING id""",
            SQL.identifier(table),
            columns,
            sources,
            SQL.identifier(table),
            count,
            row_id,
        )
    )
    return [new_id for (new_id,) in rows]
