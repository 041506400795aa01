"""Compiles scripts and styles in advance: otherwise a browser's first page takes long."""

BUNDLES = ("web.assets_frontend", "web.assets_web", "point_of_sale.assets_prod")


def run(env):
    for name in BUNDLES:
        bundle = env["ir.qweb"]._get_asset_bundle(name)
        bundle.js()
        bundle.css()
