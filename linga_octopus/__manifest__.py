{
    "name": "Linga Octopus",
    "summary": "Sell on web shops and marketplaces through Octopus Bridge: catalogue, "
    "stock and online orders",
    "version": "19.0.1.0.0",
    "category": "Sales/Point of Sale",
    "author": "Linga",
    "license": "LGPL-3",
    "depends": ["point_of_sale"],
    "external_dependencies": {"python": ["requests", "pillow"]},
    "data": [
        "security/linga_octopus_groups.xml",
        "security/ir.model.access.csv",
        "security/octopus_company_rules.xml",
        "data/ir_cron_data.xml",
        "views/octopus_sync_issue_views.xml",
        "views/octopus_sync_run_views.xml",
        "views/octopus_account_views.xml",
        "views/octopus_account_catalogue_views.xml",
        "wizards/octopus_catalogue_check_views.xml",
        "report/octopus_order_templates.xml",
        "report/octopus_order_reports.xml",
        "views/octopus_order_views.xml",
        "views/octopus_product_views.xml",
        "views/octopus_variant_views.xml",
        "views/pos_category_views.xml",
        "views/product_category_views.xml",
        "views/product_template_views.xml",
        # Extends the page that the form of the product got just above.
        "views/product_product_views.xml",
        "views/octopus_stock_account_views.xml",
        "views/octopus_stock_drift_views.xml",
        "views/octopus_stock_level_views.xml",
        "views/product_stock_views.xml",
        # Menus last: they point at the actions above.
        "views/linga_octopus_menus.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "linga_octopus/static/src/common/**/*",
            "linga_octopus/static/src/app/**/*",
        ],
        "web.assets_backend": [
            "linga_octopus/static/src/common/**/*",
            "linga_octopus/static/src/backend/**/*",
        ],
    },
    "application": True,
}
