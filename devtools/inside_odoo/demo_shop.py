"""Loads Odoo's demo shops (furniture, clothes, bakery); adds stock and a cashier."""

import random

SCENARIOS = ("furniture", "clothes", "bakery")


def run(env):
    for scenario in SCENARIOS:
        getattr(env["pos.config"], f"load_onboarding_{scenario}_scenario")()
    env.company.point_of_sale_update_stock_quantities = "real"
    fill_shelves(env)
    add_cashier(env)


def fill_shelves(env):
    """Put everything that the Points of Sale sell on stock, with the same quantities each time."""
    goods = env["product.template"].search(
        [("available_in_pos", "=", True), ("type", "=", "consu")]
    )
    goods.is_storable = True
    shelf = (
        env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1).lot_stock_id
    )
    amounts = random.Random(19)
    for product in goods.product_variant_ids.sorted("id"):
        env["stock.quant"]._update_available_quantity(product, shelf, amounts.randint(5, 60))


def add_cashier(env):
    """Create a user who may only sell: login cashier, password cashier."""
    env["res.users"].create(
        {
            "name": "Cashier",
            "login": "cashier",
            "password": "cashier",
            "group_ids": [
                (4, env.ref(group).id)
                for group in ("base.group_user", "point_of_sale.group_pos_user")
            ],
            "tour_enabled": False,
        }
    )
