"""nginx in front of several servers, each asked in turn, as docs/operations.md sets it up."""

import subprocess
import tempfile
from pathlib import Path

from devtools.provision import nginx
from devtools.servers import ports
from devtools.steps import wait_until

START_SECONDS = 10
SETTINGS = """\
daemon off;
worker_processes 1;
pid nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    upstream odoo {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-Host $host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Odoo-Database {database};
            proxy_pass http://odoo;
        }}
    }}
}}
"""


class Proxy:
    """A proxy on a free loopback port, in front of servers that run.

    :param list servers: they have a ``port``
    """

    def __init__(self, servers, database):
        self._folder = tempfile.TemporaryDirectory(prefix="octopus-proxy-")
        self.port = ports.pick()
        folder = Path(self._folder.name)
        self.log = folder / "error.log"
        self._settings = folder / "nginx.conf"
        self._settings.write_text(
            SETTINGS.format(
                folder=folder,
                servers=" ".join(f"server 127.0.0.1:{server.port};" for server in servers),
                port=self.port,
                database=database,
            )
        )

    def __enter__(self):
        self._process = subprocess.Popen(
            [nginx.ensure(), "-p", self._folder.name, "-c", self._settings, "-e", self.log],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if not wait_until(self._listens, START_SECONDS, pause=0.05):
            log = self.log.read_text()
            self.__exit__()
            raise RuntimeError(f"nginx did not start:\n{log}")
        return self

    def __exit__(self, *_details):
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()

    def _listens(self):
        return ports.pick(self.port) != self.port
