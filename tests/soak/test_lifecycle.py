"""The addon comes, is used, is upgraded, goes, and comes back: no orphan, no broken menu, no lost
order.

The upgrade is from the release before, which git knows: the addon as it was before its version
changed last. `SOAK_UPGRADE_FROM` names another commit.
"""

import json
import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest

from devtools import build, paths
from devtools.provision import databases, odoo_source, postgres, venv
from devtools.servers.odoo_server import Odoo
from octopus_sandbox.testing import SandboxServer

MANIFEST = "linga_octopus/__manifest__.py"
VERSION_CHANGED = ('-G"version":', "--", MANIFEST)
USED, FRESH = map(databases.own, ("linga_life", "linga_life_fresh"))
# Everything that an addon can leave in a database, as one text each.
INVENTORY = """
    SELECT 'relation ' || relkind::text || ' ' || relname FROM pg_class
      JOIN pg_namespace space ON space.oid = relnamespace AND nspname = 'public'
    UNION ALL SELECT concat_ws(' ', 'column', table_name || '.' || column_name, udt_name,
                               CASE is_nullable WHEN 'NO' THEN 'not null' END)
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint ' || conrelid::regclass::text || ' ' || conname || ' '
                     || pg_get_constraintdef(oid) FROM pg_constraint
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'function ' || proname FROM pg_proc
      JOIN pg_namespace space ON space.oid = pronamespace AND nspname = 'public'
    UNION ALL SELECT 'extension ' || extname FROM pg_extension
    UNION ALL SELECT 'external id ' || module || '.' || name FROM ir_model_data
    UNION ALL SELECT 'model ' || model FROM ir_model
    UNION ALL SELECT 'field ' || model || '.' || name FROM ir_model_fields
    UNION ALL SELECT 'menu ' || (name ->> 'en_US') FROM ir_ui_menu
    UNION ALL SELECT 'action ' || type || ' ' || (name ->> 'en_US') FROM ir_actions
    UNION ALL SELECT concat_ws(' ', 'scheduled action', cron_name, active, priority,
                               interval_number, interval_type) FROM ir_cron
    UNION ALL SELECT 'view ' || name FROM ir_ui_view
    UNION ALL SELECT 'rule ' || name FROM ir_rule
    UNION ALL SELECT 'access ' || name FROM ir_model_access
    UNION ALL SELECT 'group ' || (name ->> 'en_US') FROM res_groups
    UNION ALL SELECT 'parameter ' || key FROM ir_config_parameter
    UNION ALL SELECT 'sequence ' || name FROM ir_sequence
    UNION ALL SELECT 'operation type ' || (name ->> 'en_US') FROM stock_picking_type WHERE active
    UNION ALL SELECT 'attachment ' || res_model FROM ir_attachment WHERE res_model LIKE 'octopus.%'
    UNION ALL SELECT 'message ' || model FROM mail_message WHERE model LIKE 'octopus.%'
    UNION ALL SELECT 'follower ' || res_model FROM mail_followers WHERE res_model LIKE 'octopus.%'
    UNION ALL SELECT 'activity ' || res_model FROM mail_activity WHERE res_model LIKE 'octopus.%'
    UNION ALL SELECT 'default ' || field.model FROM ir_default
      JOIN ir_model_fields field ON field.id = field_id
    UNION ALL SELECT 'filter ' || model_id FROM ir_filters
    UNION ALL SELECT 'subtype ' || (name ->> 'en_US') FROM mail_message_subtype"""

# Of the archived operation type.
KEPT = ("sequence ", "relation S ir_sequence_")
INDEXES = ("index ", "relation i ")
CONNECT = """
account = env["octopus.account"].create({{
    "name": "Main Street", "base_url": "{url}", "merchant_name": "demo",
    "access_id": "demo-access-id",
}})
account.action_subscribe()
account.action_test_connection()
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
account.location_ids.filtered("is_default").warehouse_id = warehouse
env.cr.commit()
account.action_fetch_orders()
env["octopus.sync.run"]._cron_run()
env["octopus.order"]._cron_deduct()
env.cr.commit()
"""
MAKE_GOODS = """
product = env["product.product"].create({
    "name": "Chair", "default_code": "CHAIR", "is_storable": True, "available_in_pos": True,
})
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10)
env.cr.commit()
"""
USE = """
orders = env["octopus.order"].search([])
orders[0].status = "cancelled"
orders[1].status = "completed"
orders[0].message_post(body="The customer called.", attachments=[("note.txt", b"x")])
orders[0].message_subscribe(partner_ids=env.user.partner_id.ids)
account.message_post(body="A note.")
account.activity_schedule("mail.mail_activity_data_todo", summary="Call Octopus")
env["ir.default"].set("octopus.account", "payload_days", 30)
env["ir.filters"].create({"name": "Mine", "model_id": "octopus.order", "user_ids": []})
env.cr.commit()
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "linga_octopus")]).button_immediate_uninstall()
"""
FACTS = """
import json
orders = env["octopus.order"].search([], order="id")
quants = env["stock.quant"].search([("product_id.default_code", "=", "CHAIR"),
                                    ("location_id.usage", "=", "internal")])
print("FACTS", json.dumps({
    "orders": [[o.aggregator_order_no, o.status, o.stock_state, len(o.line_ids),
                len(o.picking_ids), len(o.message_ids)] for o in orders],
    "stock": sum(quants.mapped("quantity")),
    "transfers": env["stock.picking"].search_count([("state", "=", "done")]),
    "account": env["octopus.account"].search([]).mapped("merchant_name"),
}))
"""
# Opens every menu as the web client does: its action, its views, its first page.
OPEN_MENUS = """
import json
opened, user = [], env.ref("base.user_admin")
for menu in env["ir.ui.menu"].search([]):
    action = menu.action
    if not action or action._name != "ir.actions.act_window":
        continue
    name = menu.complete_name
    if "Octopus" not in name and "Online Orders" not in name and "Point of Sale" not in name:
        continue
    model = env[action.res_model].with_user(user)
    model.get_views([(view, kind) for view, kind in action.views])
    opened.append(name)
print("FACTS", json.dumps(opened))
"""


class Life(SimpleNamespace):
    """A database, and what can be done to it."""

    def odoo(self, *options, script=None, addons=None):
        """Run Odoo; returns what a script prints as facts."""
        odoo = Odoo(self.db)
        folders = [*odoo_source.ensure().addons_paths, addons or paths.ROOT]
        command = [
            venv.PYTHON,
            "-m",
            "odoo",
            *options,
            f"--addons-path={','.join(map(str, folders))}",
        ]
        done = subprocess.run(
            command, env=odoo.environ(), input=script, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        problems = [
            line
            for line in done.stderr.splitlines()
            if " ERROR " in line or " CRITICAL " in line or "Traceback" in line
        ]
        assert not problems, done.stderr[-5000:]
        facts = [line for line in done.stdout.splitlines() if "FACTS " in line]
        return json.loads(facts[-1].partition("FACTS ")[2]) if facts else None

    def change(self, option, **options):
        self.odoo("server", option, "linga_octopus", "--stop-after-init", "--no-http", **options)

    def run(self, script, **options):
        return self.odoo("shell", "--no-http", "--log-level=warn", script=script, **options)

    def inventory(self):
        return set(postgres.psql(INVENTORY, connect_to=self.db).splitlines())


@pytest.fixture
def life():
    with postgres.running():
        databases.base()
        try:
            for name in (USED, FRESH):
                databases.drop(name)
                databases.copy(databases.BASE, name)
            yield Life(db=USED)
        finally:
            for name in (USED, FRESH):
                databases.drop(name)


@pytest.fixture
def earlier(tmp_path):
    """A folder with the addon that the upgrade begins with."""
    archive = tmp_path / "earlier.zip"
    commit = os.environ.get("SOAK_UPGRADE_FROM") or release_before()
    git("archive", f"--output={archive}", commit, "linga_octopus")
    shutil.unpack_archive(archive, tmp_path)
    return tmp_path


def release_before():
    """Return the commit before the one that made the present version."""
    if git("diff", "--name-only", "HEAD", *VERSION_CHANGED):
        return "HEAD"
    return git("log", "-1", "--format=%H", *VERSION_CHANGED) + "^"


def git(*arguments):
    done = subprocess.run(
        ["git", "-C", paths.ROOT, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(
            "The release before comes from git: run this test in a clone with its history, not in "
            f"an unpacked archive. git says: {done.stderr}"
        )
    return done.stdout.strip()


@pytest.fixture
def sandbox():
    with SandboxServer() as sandbox:
        yield sandbox


def test_there_and_back(life, sandbox, earlier):
    life.run(MAKE_GOODS)
    before = life.inventory()
    for _number in range(3):
        sandbox.place_order([{"sku": "CHAIR", "title": "Chair", "price": "5", "quantity": 1}])

    life.change("-i", addons=earlier)
    assert installed_version(life) != build.version(), "or no script of the upgrade is run"
    connect = CONNECT.format(url=sandbox.api_url)
    # Placed before the store was connected, but this store takes them from the year on.
    connect = connect.replace(
        "account.action_fetch_orders",
        'account.orders_since = "2020-01-01"\naccount.action_fetch_orders',
    )
    life.run(connect + USE, addons=earlier)
    used = life.run(FACTS, addons=earlier)
    assert [order[2] for order in used["orders"]].count("deducted") == 2
    assert used["stock"] == 8

    life.change("-u")
    assert installed_version(life) == build.version()
    assert life.run(FACTS) == used, "an upgrade changes nothing that people see"
    late = postgres.psql("SELECT late_after_hours FROM octopus_account", connect_to=life.db)
    assert late == "0", "old open orders do not become late"
    fresh = Life(db=FRESH)
    fresh.change("-i")
    upgraded, new = of_ours(life.inventory()), of_ours(fresh.inventory())
    assert (sorted(upgraded - new), sorted(new - upgraded)) == ([], []), "as if it had been new"
    assert any("Online Orders" in name for name in life.run(OPEN_MENUS))

    life.run(UNINSTALL)
    left = {text for text in life.inventory() - before if not text.startswith(KEPT)}
    # Odoo makes up for indexes of its own models when it loads the next time.
    assert {text for text in left if "octopus" in text or not text.startswith(INDEXES)} == set()
    assert life.run(OPEN_MENUS), "the menus of the others work"
    [stock, transfers] = stock_and_transfers(life)
    assert (float(stock), int(transfers)) == (used["stock"], used["transfers"])

    life.change("-i")
    life.run(CONNECT.format(url=sandbox.api_url))
    back = life.run(FACTS)
    assert [order[0] for order in back["orders"]] == [order[0] for order in used["orders"]]
    assert back["stock"] == used["stock"], "nothing is deducted once more"
    assert any("Online Orders" in name for name in life.run(OPEN_MENUS))


def of_ours(inventory):
    """Return what is the addon's in an inventory, without what people made with it."""
    personal = ("attachment ", "message ", "follower ", "activity ", "default ", "filter ")
    made = ("sequence ", "operation type ", "relation S ir_sequence_")
    return {text for text in inventory if not text.startswith((*personal, *made))}


def installed_version(life):
    query = "SELECT latest_version FROM ir_module_module WHERE name = 'linga_octopus'"
    return postgres.psql(query, connect_to=life.db)


def stock_and_transfers(life):
    return postgres.psql(
        """SELECT (SELECT sum(quantity) FROM stock_quant quant
                     JOIN stock_location place
                       ON place.id = quant.location_id AND place.usage = 'internal'
                     JOIN product_product product ON product.id = quant.product_id
                    WHERE default_code = 'CHAIR'),
                  (SELECT count(*) FROM stock_picking WHERE state = 'done')""",
        connect_to=life.db,
    ).split("|")
