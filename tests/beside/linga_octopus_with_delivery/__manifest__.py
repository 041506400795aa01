{
    "name": "Linga Octopus beside Odoo's delivery methods: tests",
    "summary": "What happens to online orders where stock_delivery is installed",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Linga",
    "license": "LGPL-3",
    "depends": ["linga_octopus", "stock_delivery"],
}
