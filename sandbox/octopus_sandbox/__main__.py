"""Command line: ``python -m octopus_sandbox``."""

import argparse
import logging
import sys

import uvicorn

from . import openapi
from .app import create_api, create_app
from .connections import RememberedConnection
from .settings import Settings


def main(arguments=None):
    """Serve until stopped, or write the OpenAPI description."""
    options = _parser().parse_args(arguments)
    if options.openapi:
        sys.stdout.write(openapi.text(create_api()))
        return
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = Settings(
        db=options.db,
        merchant=options.merchant,
        access_id=options.access_id,
        currency=options.currency,
        webhook_url=options.webhook_url,
        rate_limit=options.rate_limit,
    )
    uvicorn.run(
        create_app(settings),
        host=options.host,
        port=options.port,
        http=RememberedConnection,
        proxy_headers=False,
        access_log=False,
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=3,
    )


def _parser():
    default = Settings()
    parser = argparse.ArgumentParser(prog="octopus_sandbox", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=8170, help="port to listen on (default: %(default)s)")
    add("--db", default=default.db, help="SQLite file (default: in memory, lost at the end)")
    add("--merchant", default=default.merchant, help="merchant name (default: %(default)s)")
    add("--access-id", default=default.access_id, help="access ID (default: %(default)s)")
    add("--currency", default=default.currency, help="shop currency (default: %(default)s)")
    add("--webhook-url", help="where orders are announced; settable later as well")
    add("--rate-limit", type=int, default=default.rate_limit, metavar="N",
        help="requests per minute, 0 = no limit (default: %(default)s)")  # fmt: skip
    add("--openapi", action="store_true", help="print the OpenAPI description and end")
    return parser


if __name__ == "__main__":
    main()
