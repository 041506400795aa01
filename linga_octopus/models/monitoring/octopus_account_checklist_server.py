"""What the set-up needs of the server: scheduled actions that run, an address to be called at."""

import ipaddress
from urllib.parse import urlsplit

from odoo import models

PRIVATE_NAMES = ("localhost", ".local", ".localhost", ".internal", ".lan", ".test")


def _is_public(host):
    """Tell whether somebody outside can reach this host, as far as its name shows."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(PRIVATE_NAMES)


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    def _check_server(self):
        idle_text = self._idle_workers_text()
        yield self._checklist_item(
            "cron", not idle_text, self.env._("Scheduled actions run"), idle_text, {}
        )
        address_text = "" if self.webhook_seen_at else self._server_address_text()
        yield self._checklist_item(
            "public_url",
            not address_text,
            self.env._("Octopus can reach this server"),
            address_text,
            {},
            is_warning=True,
        )

    def _idle_workers_text(self):
        """Return what to do about scheduled actions that do not run, empty when all do."""
        workers = self._workers()
        idle = workers.filtered(lambda worker: not worker.active or self._is_overdue(worker))
        if not idle:
            return ""
        if idle == workers:
            return self.env._(
                "Nothing is sent or fetched: the scheduled actions of this server stand still. "
                "Ask your system administrator to start Odoo with --max-cron-threads above 0, "
                "and to switch on the scheduled actions that begin with Octopus."
            )
        return self.env._(
            "These scheduled actions stand still: %(names)s. Ask your system administrator to "
            "switch them on, or to look in the server log why they do not run.",
            names=", ".join(idle.mapped("cron_name")),
        )

    def _server_address_text(self):
        """Return what to do about an address that Octopus should not be given, or empty."""
        root = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        address = urlsplit(root)
        if not _is_public(address.hostname or ""):
            return self.env._(
                "The address of this server is %(url)s, which the internet does not know: "
                "webhooks cannot arrive. Ask your system administrator to set web.base.url to "
                "the public address. Until then orders are fetched every few minutes.",
                url=root,
            )
        if address.scheme != "https":
            return self.env._(
                "The address of this server is %(url)s, without https: whoever is on the way "
                "could read what Octopus sends to it. Ask your system administrator to set "
                "web.base.url to an address that begins with https://.",
                url=root,
            )
        return ""
