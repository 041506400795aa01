"""An Odoo server that takes orders over HTTP, and tells how often it had to begin again."""

import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from devtools.servers.odoo_server import PROGRAM

START_SECONDS = 180  # on a busy machine


class OrdersServer:
    """A server on a free loopback port.

    :param crons: how many threads work off scheduled actions; 0 leaves orders waiting
    :param workers: how many processes answer requests; 0 is one process with a thread each
    """

    def __init__(self, database, *, crons, workers=0):
        self.port = _free_port()
        self._folder = tempfile.TemporaryDirectory(prefix="octopus-bench-")
        self.log = Path(self._folder.name) / "odoo.log"
        self._command = [
            *[sys.executable, str(PROGRAM), "server", "-d", database],
            *[f"--http-port={self.port}", "--http-interface=127.0.0.1"],
            *[f"--workers={workers}", f"--gevent-port={_free_port()}"],
            *[f"--max-cron-threads={crons}", "--log-level=warn"],
            # Where Odoo says that it runs a request once more.
            "--log-handler=odoo.service.model:INFO",
        ]

    def __enter__(self):
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = self.log.read_text()
                self.__exit__()
                raise RuntimeError(f"Odoo did not start:\n{log}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_details):
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()

    def retries(self):
        """Return how many requests had to be run again."""
        return self.log.read_text().count(" tries left")

    def _answers(self):
        try:
            url = f"http://127.0.0.1:{self.port}/web/health"
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
