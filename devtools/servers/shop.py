"""A running shop, for the demo and the e2e tests: Odoo with the addon, connected to a sandbox."""

from dataclasses import replace

from ..provision import databases
from ..steps import step
from . import demo_connect, ports
from .odoo_rpc import OdooSession
from .odoo_server import Odoo
from .sandbox_server import ACCESS_ID, MERCHANT, Sandbox

LOGIN = PASSWORD = "admin"
POS_LOGIN = POS_PASSWORD = "cashier"


class Shop:
    """Odoo on the database `db` and its sandbox, on these ports, or on others when taken."""

    def __init__(self, db, odoo_port=0, sandbox_port=0):
        self.odoo = Odoo(db, odoo_port)
        self.sandbox = Sandbox(db, sandbox_port)
        self.webhook_url = None

    def prepare(self):
        """Copy the prepared database, or upgrade the addon in the existing one; choose ports."""
        db = self.odoo.db
        code = databases.addon_digest()
        if not databases.exists(db):
            databases.demo()
            self.sandbox.forget()
            databases.copy(databases.DEMO, db)
        elif databases.comment(db) != code:
            with step("Upgrade Linga Octopus") as current:
                self.odoo.upgrade(databases.ADDON, step=current)
        databases.set_comment(db, code)
        # Late, because another checkout may take a port while the database is made.
        self.odoo = replace(self.odoo, port=ports.pick(self.odoo.port))
        self.sandbox = replace(self.sandbox, port=ports.pick(self.sandbox.port))
        databases.set_parameter(db, "web.base.url", self.odoo.url)

    def start(self):
        """Start both servers, connect them and run the first syncs."""
        with step("Odoo"):
            self.odoo.start()
            self.odoo.wait()
        rpc = OdooSession(self.odoo.url, self.odoo.db, LOGIN, PASSWORD)
        account = demo_connect.ensure_account(rpc, self.sandbox.api_url)
        self.webhook_url = demo_connect.webhook_url(rpc, account)
        with step("Sandbox (the stand-in for Octopus)"):
            self.sandbox.start(self.webhook_url)
            self.sandbox.wait()
        with step("Connection and first syncs") as current:
            demo_connect.connect(rpc, account, current)

    def stop(self):
        """Stop both servers; return whether one of them ran."""
        ran = [server.stop() for server in (self.odoo.server, self.sandbox.server)]
        return any(ran)

    def remove(self):
        """Remove the data of a stopped shop."""
        databases.drop(self.odoo.db)
        self.sandbox.forget()

    def description(self):
        """Return addresses and logins of the shop: the content of .local/demo.json."""
        return {
            "odoo": self.odoo.url,
            "db": self.odoo.db,
            "login": LOGIN,
            "password": PASSWORD,
            "pos_login": POS_LOGIN,
            "pos_password": POS_PASSWORD,
            "sandbox": self.sandbox.url,
            "merchant": MERCHANT,
            "access_id": ACCESS_ID,
            "webhook_url": self.webhook_url,
        }
