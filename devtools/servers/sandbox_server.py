"""The sandbox, a stand-in for Octopus, as a background program."""

from dataclasses import dataclass

from .. import paths
from ..provision import venv
from .odoo_server import wait_until_answering
from .processes import Server

MERCHANT = "demo"
ACCESS_ID = "demo-access-id"


@dataclass(frozen=True)
class Sandbox:
    """The sandbox called `name`; its data are kept in .local/."""

    name: str
    port: int

    @property
    def server(self):
        """The background process of this sandbox."""
        return Server(f"sandbox-{self.name}")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self):
        """The base URL of the API, for an account of the addon."""
        return f"{self.url}/admin/api/2020-01"

    @property
    def database(self):
        """The SQLite file."""
        return paths.LOCAL / f"sandbox-{self.name}.db"

    def start(self, webhook_url):
        """Start the server in the background; see `wait`."""
        options = {
            "--port": self.port,
            "--db": self.database,
            "--merchant": MERCHANT,
            "--access-id": ACCESS_ID,
            "--webhook-url": webhook_url,
        }
        arguments = [part for option in options.items() for part in option]
        command = [venv.PYTHON, "-m", "octopus_sandbox", *arguments]
        self.server.start(command, venv.environ(paths.ROOT / "sandbox"))

    def wait(self, seconds=60):
        """Wait until the server answers."""
        wait_until_answering(self.server, f"{self.url}/", "The sandbox", seconds)

    def forget(self):
        """Remove the SQLite file and its journal."""
        for file in self.database.parent.glob(f"{self.database.name}*"):
            file.unlink()
