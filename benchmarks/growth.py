"""./dev bench growth: a year of a busy shop against its first day."""

from ._outside import run_inside_odoo

if __name__ == "__main__":
    raise SystemExit(run_inside_odoo("growth"))
