"""Odoo as a program: its configuration file, single runs (install, scripts) and servers."""

import os
import re
import urllib.error
import urllib.request
from ctypes.util import find_library
from dataclasses import dataclass

from .. import paths
from ..provision import node, odoo_source, postgres, system, venv
from ..steps import Failure, failure_sentence, run, wait_until
from .processes import Server

DATA = paths.LOCAL / "odoo-data"
CONFIGURATIONS = paths.LOCAL / "conf"
PROGRAM = paths.ROOT / "devtools" / "servers" / "odoo_program.py"
IMPORTS = "import magic, odoo.cli.server, odoo.http, odoo.modules.loading, odoo.service.server"
TESTS = re.compile(r"0 failed, 0 error\(s\) of (\d+) tests")
LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")


@dataclass(frozen=True)
class Odoo:
    """Odoo on the database `db`."""

    db: str
    port: int = 0

    @property
    def server(self):
        """The background process of this Odoo."""
        return Server(f"odoo-{self.db}")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def conf(self):
        """The configuration file (ODOO_RC)."""
        return CONFIGURATIONS / f"{self.db}.conf"

    def write_conf(self):
        """Write the configuration file; return its path."""
        addons = [*odoo_source.ensure().addons_paths, paths.ROOT]
        CONFIGURATIONS.mkdir(parents=True, exist_ok=True)
        self.conf.write_text(configuration(self.db, self.port, addons, postgres.environ()))
        return self.conf

    def environ(self):
        """Return the environment variables for Odoo and for programs that import it."""
        home = odoo_source.ensure().home
        quiet = {"PYTHONWARNINGS": "ignore::DeprecationWarning", "ODOO_RC": self.write_conf()}
        env = postgres.clean_environ(venv.environ(home, paths.ROOT, **quiet))
        # Odoo calls `rtlcss` for languages that are written from right to left.
        env["PATH"] = os.pathsep.join([env["PATH"], str(node.PROGRAMS)])
        return env

    def require_start(self):
        """Install the libraries that Odoo's imports need.

        :raise Failure: when Odoo cannot be imported; names the missing package
        """
        # Without it, Odoo recognizes fewer types of files and prints no warning.
        system.require(lambda: find_library("magic"), ["libmagic1"], "libmagic (for Odoo)")
        system.require_start([venv.PYTHON, "-c", IMPORTS], "Odoo", self.environ())

    def install(self, *modules, step=None):
        """Install `modules` into the database."""
        self._change("-i", modules, f"Installing {', '.join(modules)} in {self.db}", step)

    def upgrade(self, *modules, step=None):
        """Upgrade `modules` in the database."""
        self._change("-u", modules, f"Upgrading {', '.join(modules)} in {self.db}", step)

    def test(self, *modules, tests_of, upgrade=""):
        """Install `modules`, and run the tests that the addon `tests_of` brings.

        :param upgrade: a module to upgrade with it
        :return: the number of tests
        :raise Failure: when one fails
        """
        options = ["--test-enable", f"--test-tags=/{tests_of}", *(["-u", upgrade] * bool(upgrade))]
        self._change("-i", modules, f"Testing {tests_of} in {self.db}", None, options)
        log = (paths.LOG / f"{self._log}.log").read_text("utf-8", "replace")
        return int(TESTS.findall(log)[-1])

    def _change(self, option, modules, what, step, more=()):
        options = [option, ",".join(modules), "--stop-after-init", "--no-http", *more]
        self._run([PROGRAM, "server", *options], what, step)

    def call(self, function, step=None):
        """Run the script devtools/inside_odoo/`function`.py on the database, and commit."""
        self._run(
            ["-m", "devtools.inside_odoo", self.db, function], f"{function} in {self.db}", step
        )

    @property
    def _log(self):
        return f"odoo-{self.db}-setup"

    def _run(self, arguments, what, step=None):
        run(
            [venv.PYTHON, *arguments],
            what,
            log=self._log,
            env=self.environ(),
            cwd=paths.ROOT,
            watch=step
            and (lambda log: step.progress(loading_progress(log.read_text("utf-8", "replace")))),
        )

    def start(self):
        """Start the server in the background; see `wait`."""
        self.server.start([venv.PYTHON, PROGRAM, "server"], self.environ())

    def wait(self, seconds=120):
        """Wait until the server answers."""
        wait_until_answering(
            self.server, f"{self.url}/web/health?db_server_status=1", "Odoo", seconds
        )


def configuration(db, port, addons_paths, pg):
    """Return the text of odoo.conf for a server on localhost with this database only."""
    options = {
        "addons_path": ",".join(map(str, addons_paths)),
        "data_dir": DATA,
        "db_host": pg["PGHOST"],
        "db_port": pg["PGPORT"],
        "db_user": pg["PGUSER"],
        "db_name": db,
        "dbfilter": f"^{db}$",
        "list_db": False,
        "http_interface": "127.0.0.1",
        "http_port": port,
        "workers": 0,
        "max_cron_threads": 2,
        "without_demo": True,
    }
    return "[options]\n" + "".join(f"{name} = {value}\n" for name, value in options.items())


def loading_progress(log):
    """Return how far a run of Odoo is, from its log: "module 3 of 58"."""
    found = LOADING.findall(log)
    if not found:
        return "starting"
    name, count, total = found[-1]
    return f"module {count} of {total} ({name})"


def wait_until_answering(server, url, what, seconds):
    """Wait until `url` answers 200.

    :param seconds: how long to wait at most
    :raise Failure: when the server ends, or does not answer in time
    """
    if not wait_until(lambda: _answers(url) or not server.pid, seconds, pause=0.1):
        raise Failure(f"{what} does not answer after {seconds} s (its log: {server.log_file}).")
    if not server.pid:
        raise Failure(failure_sentence(f"Starting {what}", server.log_file))


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
