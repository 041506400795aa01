"""A process that sells: `python -m tests.e2e.stock_seller DATABASE SALES WAREHOUSE PRODUCT...`

It says when it is ready, starts when it is told to, and sells one of each product at a time, as a
server would handle a cashier's requests: run again when core's own updates of a quant collide.
"""

import sys

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def main(database, sales, warehouse_id, *product_ids):
    config.parse_config(["--no-http", "-d", database], setup_logging=True)
    registry = Registry(database)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for _time in range(int(sales)):
        for product_id in map(int, product_ids):
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                retrying(lambda env=env, sold=product_id: sell(env, int(warehouse_id), sold), env)


def sell(env, warehouse_id, product_id):
    """Deliver one to a customer, whether there is any or not."""
    warehouse = env["stock.warehouse"].browse(warehouse_id)
    places = {
        "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": env.ref("stock.stock_location_customers").id,
    }
    line = {"product_id": product_id, "product_uom_qty": 1, "quantity": 1, "picked": True}
    picking = env["stock.picking"].create(
        {
            **places,
            "picking_type_id": warehouse.out_type_id.id,
            "move_ids": [Command.create(places | line)],
        }
    )
    picking._action_done()


if __name__ == "__main__":
    main(*sys.argv[1:])
