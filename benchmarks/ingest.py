"""./dev bench ingest: taking online orders in, and deducting their stock."""

from ._outside import run_inside_odoo

if __name__ == "__main__":
    raise SystemExit(run_inside_odoo("ingest"))
