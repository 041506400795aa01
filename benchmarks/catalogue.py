"""./dev bench catalogue: first, repeated and small passes over 20,000 products; memory."""

from ._outside import run_inside_odoo

if __name__ == "__main__":
    raise SystemExit(run_inside_odoo("catalogue"))
