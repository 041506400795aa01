"""Compiles scripts and styles now, so that the first page a browser opens is not the slow one."""

BUNDLES = ("web.assets_frontend", "web.assets_web", "point_of_sale.assets_prod")


def run(env):
    for name in BUNDLES:
        bundle = env["ir.qweb"]._get_asset_bundle(name)
        bundle.js()
        bundle.css()
