"""Databases that are prepared once and then copied: Odoo with POS, the demo shop, the addon."""

import os
import shutil

from .. import paths
from ..servers.odoo_server import DATA, Odoo
from ..steps import step
from . import odoo_source, postgres, stamps
from .postgres import psql


def own(name):
    """Return the name of a database of this checkout.

    A server that PGHOST names has the databases of others too: of other checkouts, whose files are
    elsewhere, and of people.
    """
    return f"{name}_{paths.MARK}" if postgres.external() else name


BASE = own("linga_base")  # Odoo with Point of Sale
SHOP = own("linga_shop")  # BASE with Odoo's demo shops
DEMO = own("linga_demo")  # SHOP with the addon
TEST = own("linga_test")  # BASE with the addon, for tests/odoo
SIMULATION = own("linga_simulation")  # a copy of TEST that nobody is connected to, to be copied
ADDON = "linga_octopus"
SCRIPTS = paths.ROOT / "devtools" / "inside_odoo"
LOCK = paths.LOCAL / "databases.lock"
NOT_INSTALLED = ("static", "lib", "tests", "readme", "README.rst")  # no database holds them


def base():
    """Prepare BASE; return its stamp."""
    stamp = stamps.digest(odoo_source.ensure().release, SCRIPTS / "base.py")

    def build(odoo, current):
        odoo.require_start()
        odoo.install("point_of_sale", step=current)
        odoo.call("base")

    return prepare(BASE, stamp, "Database with Odoo's Point of Sale", build)


def shop():
    """Prepare SHOP; return its stamp."""
    parent = base()
    stamp = stamps.digest(parent, SCRIPTS / "demo_shop.py")
    title = "Odoo's demo shops, with stock"
    return prepare(SHOP, stamp, title, lambda odoo, current: odoo.call("demo_shop"), parent=BASE)


def demo():
    """Prepare DEMO; return its stamp."""
    stamp = stamps.digest(shop(), addon_digest(), SCRIPTS / "assets.py")
    return prepare(DEMO, stamp, "Linga Octopus in the demo shop", _install_addon, parent=SHOP)


def test():
    """Prepare TEST, again whenever the addon's code has changed; return its name."""
    stamp = stamps.digest(base(), addon_digest(), SCRIPTS / "assets.py")
    prepare(TEST, stamp, "Linga Octopus in the test database", _install_for_tests, parent=BASE)
    return TEST


def simulation():
    """Prepare SIMULATION, again whenever the addon's code has changed."""
    test()
    stamp = stamps.digest(comment(TEST))
    prepare(SIMULATION, stamp, "Database of the simulations", lambda *_built: None, parent=TEST)


def addon_digest():
    """Return a hash of all files whose content the installation puts into a database."""
    parts = [path for path in sorted(paths.ADDON.rglob("*")) if _is_installed(path)]
    return stamps.digest(
        *[text for path in parts for text in (str(path.relative_to(paths.ADDON)), path)]
    )


def _is_installed(path):
    folder = path.relative_to(paths.ADDON).parts[0]
    return (
        path.is_file()
        and "__pycache__" not in path.parts
        and folder not in ("static", "lib", "tests", "readme")
    )


def _install_addon(odoo, current):
    odoo.install(ADDON, step=current)
    odoo.call("assets")


def _install_for_tests(odoo, current):
    # The addon works with and without these apps: the demo is without them, the tests are with.
    odoo.install(ADDON, "mrp", "product_expiry", step=current)
    odoo.call("assets")


def prepare(name, stamp, title, build, parent=None):
    """Build the database `name` unless its stamp is `stamp` already; return the stamp.

    It is built under another name and then renamed, so that `name` is always complete.

    :param title: printed while it is built
    :param build: takes (Odoo, step), changes the new database
    :param parent: the database to begin with a copy of; without it, an empty one
    """
    if comment(name) == stamp:  # set last, so another ./dev that holds the lock is no concern
        return stamp
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
    """Create an empty database as Odoo does."""
    psql("CREATE DATABASE :\"db\" ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0", db=name)
    _relax(name)


def copy(source, target):
    """Copy the database `source`, and its files, to `target`."""
    psql('CREATE DATABASE :"target" TEMPLATE :"source"', target=target, source=source)
    _relax(target)
    if _filestore(source).is_dir():
        # Odoo adds and removes stored files but never changes one, so hard links are enough.
        shutil.copytree(_filestore(source), _filestore(target), copy_function=os.link)


def drop(name):
    """Remove a database and its files, if it exists."""
    psql('DROP DATABASE IF EXISTS :"db" WITH (FORCE)', db=name)
    shutil.rmtree(_filestore(name), ignore_errors=True)


def exists(name):
    """Whether a database of this name exists."""
    return bool(psql("SELECT 1 FROM pg_database WHERE datname = :'db'", db=name))


def comment(name):
    """Return the comment of a database, which is its stamp; "" when there is none."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :'db'"
    return psql(query, db=name)


def set_comment(name, text):
    """Set the comment of a database."""
    psql("COMMENT ON DATABASE :\"db\" IS :'text'", db=name, text=text)


def set_parameter(name, key, value):
    """Set a system parameter of Odoo in a database on which no server runs."""
    psql("DELETE FROM ir_config_parameter WHERE key = :'key'", connect_to=name, key=key)
    insert = "INSERT INTO ir_config_parameter (key, value) VALUES (:'key', :'value')"
    psql(insert, connect_to=name, key=key, value=value)


def _relax(name):
    """Do not wait for the disk at each commit: the data can be made again."""
    psql('ALTER DATABASE :"db" SET synchronous_commit = off', db=name)


def _filestore(name):
    return DATA / "filestore" / name
