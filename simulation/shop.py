"""The shop of a story: its goods, its people, its orders, and what is true of them."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry

from octopus_sandbox.profiles import Goods

from . import profiles

# Minutes between two imports of orders. Each costs as much as an order, and finds only what got
# lost; `Simulation.settle` lasts longer.
IMPORT_MINUTES = 15


@dataclass
class Placed:
    """An order, and what is true of it.

    :param ref: its Aggregator Order No.
    :param dict leaves: the pieces by SKU that are out after the last version
    :param list versions: later versions of the order that its channel has still to publish
    :param str location: the number of Octopus's location that it names; "" for none
    :param datetime changed_at: when its channel published its second version
    :param bool is_cancel_tried: people tried to cancel it in Odoo
    :param bool is_cancelled_here: and did
    :param bool is_loose: its goods are a matter of people: it was changed after they had left
    :param bool is_odd: a field of it cannot be read
    """

    ref: str
    leaves: dict
    versions: list = field(default_factory=list)
    traits: tuple = ()
    location: str = ""
    is_odd: bool = False
    changed_at: object = None
    is_cancel_tried: bool = False
    is_cancelled_here: bool = False
    is_deleted: bool = False
    is_loose: bool = False


class Shop:
    """What the parts of a simulation know of the shop.

    :ivar orders: {ref: Placed}
    """

    def __init__(self, simulation):
        self.simulation = simulation
        self.profile = profiles.get(simulation.story.profile)
        self.webhooks_have_credentials = True
        self.orders = {}
        with simulation.registry.cursor() as cr:
            self._read(api.Environment(cr, SUPERUSER_ID, {}))

    def _read(self, env):
        account = env["octopus.account"].search([], limit=1)
        self.account_id = account.id
        self.webhook_token = account.webhook_token
        self.warehouse_id = account.location_ids.filtered("is_default").warehouse_id.id
        self.warehouse_ids = {
            location.octopus_ref: location.warehouse_id.id for location in account.location_ids
        }
        shelves = env["stock.warehouse"].browse(self.warehouse_ids.values()).lot_stock_id
        self.shelf_ids = shelves.ids
        self.stock_location_id = env["stock.warehouse"].browse(self.warehouse_id).lot_stock_id.id
        skus = [good.sku for good in self.profile.goods]
        products = env["product.product"].search([("default_code", "in", skus)])
        self.product_ids = {product.default_code: product.id for product in products}
        self.users = {user.login: user.id for user in env["res.users"].search([])}
        self.simulation.journal.private |= {account.access_id, account.webhook_token}

    def look(self, env):
        """See what came of what may have been interrupted."""
        tried = [ref for ref, placed in self.orders.items() if placed.is_cancel_tried]
        for order in env["octopus.order"].search([("aggregator_order_no", "in", tried)]):
            placed = self.orders[order.aggregator_order_no]
            placed.is_cancelled_here = order.status == "cancelled"

    def per_day(self, who):
        """Return how often someone has a turn on a usual day."""
        if getattr(who, "is_of", ()) and self.simulation.story.profile not in who.is_of:
            return 0
        usual = self.profile.per_day.get(who.name, who.per_day)
        return usual * self.simulation.story.often.get(who.name, 1)

    def goods(self):
        """Return the goods as a channel knows them."""
        found = []
        catalog = self.simulation.octopus.sandbox.store.catalog
        for good in self.profile.goods:
            for variant in catalog.variants_by_sku(good.sku)[:1]:
                found.append(Goods(good.sku, good.sku.title(), Decimal(good.price), variant))
        return found

    def pieces(self, leaves):
        """Return the pieces of stored products, {product id: pieces}, of pieces by SKU."""
        parts = {good.sku: good.parts or {good.sku: 1} for good in self.profile.goods}
        pieces = {}
        for sku, count in leaves.items():
            for part, each in parts.get(sku, {}).items():
                product_id = self.product_ids[part]
                pieces[product_id] = pieces.get(product_id, 0) + count * each
        return pieces


# === THE DAY BEFORE === #


def open_shop(machine, profile_name):
    """Prepare a shop: goods on the shelf, people, a store that is connected and synced."""
    profile = profiles.get(profile_name)
    with Registry(machine.database.name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["product.template"].search([]).available_in_pos = False
        _sleep_others(env)
        _make_users(env)
        products = _make_goods(env, profile)
        _connect(env, machine.octopus)
        cr.commit()
        for kind in ("categories", "products", "stock"):
            account = env["octopus.account"].search([], limit=1)
            account._queue_run(kind)
            cr.commit()
            env["octopus.sync.run"]._cron_run()
            env["octopus.stock.level"]._cron_push()
            cr.commit()
        run = env["octopus.sync.run"].search([], limit=1)
        assert run.state == "done", run.message
        assert len(env["octopus.variant"].search([])) == len(products)


def _sleep_others(env):
    """Let only the addon's scheduled actions, and Odoo's clean-up, happen."""
    ours = env["ir.model.data"].search(
        [("module", "=", "linga_octopus"), ("model", "=", "ir.cron")]
    )
    keep = env["ir.cron"].browse(ours.mapped("res_id")) | env.ref("base.autovacuum_job")
    (env["ir.cron"].search([]) - keep).active = False
    keep.nextcall = env.cr.now()
    env.ref("linga_octopus.ir_cron_octopus_order_poll").interval_number = IMPORT_MINUTES
    env["ir.config_parameter"].set_param("ir_attachment.location", "db")


def _make_users(env):
    groups = {
        "manager": ("linga_octopus.group_octopus_manager", "stock.group_stock_manager"),
        "packer": ("linga_octopus.group_octopus_user", "stock.group_stock_user"),
        "cashier": ("point_of_sale.group_pos_user",),
        "accountant": ("account.group_account_manager",),
        "stranger": (),
    }
    for login, names in groups.items():
        ids = [env.ref(name).id for name in ("base.group_user", *names)]
        env["res.users"].create(
            {"name": login.title(), "login": login, "group_ids": [Command.set(ids)]}
        )


def _make_goods(env, profile):
    products = env["product.product"]
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    for good in profile.goods:
        template = env["product.template"].create(
            {
                "name": good.sku.title(),
                "default_code": good.sku,
                "list_price": float(good.price),
                "available_in_pos": True,
                "is_storable": not good.parts,
                "tracking": good.tracking,
                "taxes_id": False,
                "octopus_own_buffer": bool(good.buffer),
                "octopus_stock_buffer": good.buffer,
            }
        )
        products |= template.product_variant_id
        if good.parts:
            _make_kit(env, template, good)
        else:
            _fill_shelf(env, template.product_variant_id, warehouse.lot_stock_id, good)
    return products


def _fill_shelf(env, product, shelf, good):
    quants = env["stock.quant"]
    if good.tracking == "none":
        quants._update_available_quantity(product, shelf, good.opening)
        return
    size = 1 if good.tracking == "serial" else max(good.opening // 4, 1)
    for number in range(good.opening // size):
        lot = env["stock.lot"].create({"name": f"{good.sku}-{number}", "product_id": product.id})
        quants._update_available_quantity(product, shelf, size, lot_id=lot)


def _make_kit(env, template, good):
    by_sku = {
        product.default_code: product.id
        for product in env["product.product"].search([("default_code", "in", list(good.parts))])
    }
    lines = [
        Command.create({"product_id": by_sku[sku], "product_qty": count})
        for sku, count in good.parts.items()
    ]
    env["mrp.bom"].create(
        {"product_tmpl_id": template.id, "type": "phantom", "bom_line_ids": lines}
    )


def _connect(env, octopus):
    settings = octopus.sandbox.settings
    account = env["octopus.account"].create(
        {
            "name": "Main Street",
            "base_url": octopus.base_url,
            "merchant_name": settings.merchant,
            "access_id": settings.access_id,
        }
    )
    account.action_subscribe()
    account.action_test_connection()
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    default = account.location_ids.filtered("is_default")
    if not default.warehouse_id:
        default.warehouse_id = warehouse
    other = env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
    (account.location_ids - default)[:1].warehouse_id = other
    account.write({"auto_stock_sync": True, "auto_catalog_sync": True, "contact_policy": "create"})
    octopus.sandbox.webhooks.configure([])
