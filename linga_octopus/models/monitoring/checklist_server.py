"""The steps of the setup that concern the server: scheduled actions that run, a public address."""

import ipaddress
from urllib.parse import urlsplit

from .diagnosis import Finding, is_overdue, scheduled_actions

PRIVATE_NAMES = ("localhost", ".local", ".localhost", ".internal", ".lan", ".test")


def server_steps(account):
    """Yield name, title and finding (None when done) of each step."""
    env = account.env
    idle_text = _idle_text(account.env)
    idle = idle_text and Finding("cron", "todo", idle_text)
    yield "cron", env._("Run the scheduled actions"), idle
    # A call that has arrived proves that the address works.
    address_text = "" if account.webhook_seen_at else _address_text(account.env)
    address = address_text and Finding("public_url", "warning", address_text)
    yield "public_url", env._("Make this server publicly reachable"), address


def _idle_text(env):
    """Return what to do about scheduled actions that do not run, empty when all do."""
    crons = scheduled_actions(env)
    idle = crons.filtered(lambda cron: not cron.active or is_overdue(cron))
    if not idle:
        return ""
    if idle == crons:
        return env._(
            "Nothing is sent or fetched: the scheduled actions of this server stand still. "
            "Ask your system administrator to start Odoo with --max-cron-threads above 0, "
            "and to switch on the scheduled actions that begin with Octopus."
        )
    return env._(
        "These scheduled actions stand still: %(names)s. Ask your system administrator to "
        "switch them on, or to look in the server log why they do not run.",
        names=", ".join(idle.mapped("cron_name")),
    )


def _address_text(env):
    """Return what to do about a web address that Octopus should not be given, or empty."""
    root = env["ir.config_parameter"].sudo().get_param("web.base.url", "")
    address = urlsplit(root)
    if not _is_public(address.hostname or ""):
        return env._(
            "The address of this server is %(url)s, which is not publicly reachable: webhooks "
            "cannot arrive. Ask your system administrator to set web.base.url to the public "
            "address. Until then orders are fetched every few minutes.",
            url=root,
        )
    if address.scheme != "https":
        return env._(
            "The address of this server is %(url)s, without https: others on the network could "
            "read what Octopus sends to it. Ask your system administrator to set web.base.url "
            "to an address that begins with https://.",
            url=root,
        )
    return ""


def _is_public(host):
    """Tell whether this host can be reached from outside, as far as its name shows."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(PRIVATE_NAMES)
