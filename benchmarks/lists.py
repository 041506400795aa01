"""./dev bench lists: Online Orders with a million rows against ten thousand."""

from ._outside import run_inside_odoo

if __name__ == "__main__":
    raise SystemExit(run_inside_odoo("lists"))
