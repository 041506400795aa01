"""./dev bench images: pictures through the whole pipeline, and unchanged ones."""

from ._outside import run_inside_odoo

if __name__ == "__main__":
    raise SystemExit(run_inside_odoo("images"))
