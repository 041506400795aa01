"""./dev bench stock: noticing changes of stock, and sending 20,000 of them."""

from ._outside import run_inside_odoo

if __name__ == "__main__":
    raise SystemExit(run_inside_odoo("stock"))
