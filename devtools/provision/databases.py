"""Databases that are prepared once and then copied: Odoo with POS, the demo shop, the addon."""

import os
import shutil

from .. import paths
from ..servers.odoo_server import DATA, Odoo
from ..steps import step
from . import odoo_source, stamps
from .postgres import psql

BASE = "linga_base"  # Odoo with Point of Sale
SHOP = "linga_shop"  # the same with Odoo's demo shops
DEMO = "linga_demo"  # the same with the addon
TEST = "linga_test"  # BASE with the addon, for tests/odoo
ADDON = "linga_octopus"
SCRIPTS = paths.ROOT / "devtools" / "inside_odoo"
LOCK = paths.LOCAL / "databases.lock"


def base():
    """Have BASE, and answer its stamp."""
    stamp = stamps.digest(odoo_source.ensure().release, SCRIPTS / "base.py")

    def build(odoo, current):
        odoo.require_start()
        odoo.install("point_of_sale", step=current)
        odoo.call("base")

    return prepare(BASE, stamp, "Database with Odoo's Point of Sale", build)


def shop():
    """Have SHOP, and answer its stamp."""
    parent = base()
    stamp = stamps.digest(parent, SCRIPTS / "demo_shop.py")
    title = "Odoo's demo shops, with stock"
    return prepare(SHOP, stamp, title, lambda odoo, current: odoo.call("demo_shop"), parent=BASE)


def demo():
    """Have DEMO, and answer its stamp."""
    stamp = stamps.digest(shop(), addon_digest(), SCRIPTS / "assets.py")
    return prepare(DEMO, stamp, "Linga Octopus in the demo shop", _install_addon, parent=SHOP)


def test():
    """Have TEST, and answer its name: the addon freshly installed whenever its code changed."""
    stamp = stamps.digest(base(), addon_digest(), SCRIPTS / "assets.py")
    prepare(TEST, stamp, "Linga Octopus in the test database", _install_for_tests, parent=BASE)
    return TEST


def addon_digest():
    """A hash of the addon's parts that installing it puts into a database."""
    parts = [path for path in sorted(paths.ADDON.rglob("*")) if _is_installed(path)]
    return stamps.digest(
        *[text for path in parts for text in (str(path.relative_to(paths.ADDON)), path)]
    )


def _is_installed(path):
    folder = path.relative_to(paths.ADDON).parts[0]
    return path.is_file() and "__pycache__" not in path.parts and folder not in ("static", "lib")


def _install_addon(odoo, current):
    odoo.install(ADDON, step=current)


def _install_for_tests(odoo, current):
    # The addon does without these but gets on with them: the demo shows the one, tests the other.
    odoo.install(ADDON, "mrp", "product_expiry", step=current)
    odoo.call("assets")


def prepare(name, stamp, title, build, parent=None):
    """Have a database `name` made by `build` from these very ingredients; answers its stamp.

    It is built under another name: what is called `name` is always complete.
    """
    with stamps.lock(LOCK, "Waiting for another ./dev that prepares databases"):
        if comment(name) == stamp:
            return stamp
        with step(title) as current:
            building = f"{name}_building"
            drop(building)
            copy(parent, building) if parent else create(building)
            build(Odoo(building), current)
            drop(name)
            psql('ALTER DATABASE :"old" RENAME TO :"new"', old=building, new=name)
            _filestore(building).rename(_filestore(name))
            set_comment(name, stamp)
    return stamp


def create(name):
    """Make an empty database the way Odoo wants it."""
    psql("CREATE DATABASE :\"db\" ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0", db=name)
    _relax(name)


def copy(source, target):
    """Make `target` a copy of the database `source` and of its files."""
    psql('CREATE DATABASE :"target" TEMPLATE :"source"', target=target, source=source)
    _relax(target)
    if _filestore(source).is_dir():
        # Odoo never changes a stored file, it only adds and removes: links are copies.
        shutil.copytree(_filestore(source), _filestore(target), copy_function=os.link)


def drop(name):
    """Remove a database and its files, if there."""
    psql('DROP DATABASE IF EXISTS :"db" WITH (FORCE)', db=name)
    shutil.rmtree(_filestore(name), ignore_errors=True)


def exists(name):
    """Whether there is a database of this name."""
    return bool(psql("SELECT 1 FROM pg_database WHERE datname = :'db'", db=name))


def comment(name):
    """The comment of a database ("" when there is none): we keep its stamp there."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :'db'"
    return psql(query, db=name)


def set_comment(name, text):
    """Set what `comment` answers."""
    psql("COMMENT ON DATABASE :\"db\" IS :'text'", db=name, text=text)


def set_parameter(name, key, value):
    """Set a system parameter of the Odoo in a database that no server is running on."""
    psql("DELETE FROM ir_config_parameter WHERE key = :'key'", connect_to=name, key=key)
    insert = "INSERT INTO ir_config_parameter (key, value) VALUES (:'key', :'value')"
    psql(insert, connect_to=name, key=key, value=value)


def _relax(name):
    """Data that can be made again need not wait for the disk at each commit."""
    psql('ALTER DATABASE :"db" SET synchronous_commit = off', db=name)


def _filestore(name):
    return DATA / "filestore" / name
