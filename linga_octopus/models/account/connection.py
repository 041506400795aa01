"""The connection of a store: how it reaches Octopus."""

from datetime import timedelta
from urllib.parse import urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from ...lib.octopus_api import DEFAULT_BASE_URL, OctopusClient
from ...lib.octopus_api.errors import (
    OctopusAuthError,
    OctopusConnectionError,
    OctopusError,
    OctopusForbidden,
    OctopusNotFound,
    OctopusTimeout,
)
from ..mixins.notices import Sentence

_lt = LazyTranslate(__name__)

NO_CREDENTIALS = Sentence(
    "no_credentials", _lt("Enter the Merchant Name and the Access ID on the Settings tab first.")
)
NEUTRALIZED = Sentence(
    "neutralized",
    _lt(
        "This is a neutralized copy of a database, which must not reach Octopus. Ask "
        "your system administrator to enter the address of a test system."
    ),
)
OTHER_PROBLEM = Sentence("other_problem", _lt("Octopus answered with a problem: %(error)s"))
EXPLANATIONS = (
    (
        OctopusAuthError,
        Sentence(
            "refused_credentials",
            _lt(
                "Octopus does not accept the Merchant Name and Access ID. "
                "Copy both again from Octopus, without spaces."
            ),
        ),
    ),
    (
        OctopusForbidden,
        Sentence(
            "forbidden",
            _lt(
                "Octopus knows the merchant but does not allow this access. "
                "Ask Octopus to switch on API access for your store."
            ),
        ),
    ),
    (
        OctopusTimeout,
        Sentence("timeout", _lt("Octopus did not answer in time. Try again in a few minutes.")),
    ),
    (
        OctopusConnectionError,
        Sentence(
            "unreachable",
            _lt(
                "Octopus cannot be reached at %(url)s. Check the internet connection of the "
                "server and the Octopus address, then try again."
            ),
        ),
    ),
    (
        OctopusNotFound,
        Sentence(
            "no_octopus_there",
            _lt(
                "There is no Octopus at %(url)s. Ask your system administrator to correct "
                "the Octopus address."
            ),
        ),
    ),
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CREDENTIALS = {"merchant_name", "access_id", "base_url"}

# === ADDRESS AND SECRET === #


def is_safe_address(url):
    """Tell whether the secret may be sent to this address: encrypted, or inside this machine."""
    try:
        address = urlsplit(url)
    except ValueError:  # such as an open bracket
        return False
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)


def shop_key(account, vals=()):
    """Return what is equal for two spellings of the same shop: Octopus knows merchants in any
    letter case.

    :param dict vals: values that the account is about to get
    """
    after = {"merchant_name": account.merchant_name, "base_url": account.base_url, **dict(vals)}
    return (after["merchant_name"] or "").lower(), (after["base_url"] or "").rstrip("/").lower()


def is_another_shop(account, vals):
    """Tell whether these values make an account another shop than it was until now."""
    shop = shop_key(account)
    return bool(shop[0]) and shop != shop_key(account, vals)


def check_another_shop(accounts, vals):
    """Check that somebody wants the accounts to become other shops: the form asks when it is saved,
    scripts say so with the context key `octopus_another_shop`.

    :raise UserError: nobody has been asked, and bindings would be lost
    """
    is_asked = accounts.env.context.get("octopus_another_shop")
    if is_asked or {"merchant_name", "base_url"}.isdisjoint(vals):
        return
    for account in accounts:
        if question := account.get_shop_question(vals):
            raise UserError(
                account.env._(
                    "%(question)s Change it on the settings page of the store, and confirm it "
                    "there.",
                    question=question,
                )
            )


def check_may_set_address(env):
    """Check that the user may choose the address of Octopus.

    The server calls this address with the merchant's secret: a user who may choose it can make the
    server call any host that it can reach.

    :raise AccessError: the user is no system administrator
    """
    if not (env.su or env.user._is_system()):
        raise AccessError(env._("Only a system administrator may change the Octopus address."))


def strip_blanks(vals):
    """Return field values of an account without the blanks that people copy with credentials."""
    pasted = {name: vals[name].strip() for name in CREDENTIALS if vals.get(name)}
    return {**vals, **pasted}


# === CLIENT === #


def open_client(account, clients):
    """Return the client that a worker has open for an account, or a new one.

    This is the only place where the credentials are read. They may change between two batches of a
    run: then the client is a new one.

    :param dict clients: the open clients of this worker, by account and credentials
    :raise UserError: a credential is missing
    """
    account.ensure_one()
    env = account.env
    # Workers and the Point of Sale act for the account without the right to read its secret.
    account_sudo = account.sudo()
    if not (account_sudo.merchant_name and account_sudo.access_id):
        raise UserError(NO_CREDENTIALS(env))
    is_neutralized = env["ir.config_parameter"].sudo().get_param("database.is_neutralized")
    if account_sudo.base_url == DEFAULT_BASE_URL and is_neutralized:
        # Neutralizing changed the address of all stores, so this store was made in the copy.
        raise UserError(NEUTRALIZED(env))
    access = (account_sudo.base_url, account_sudo.merchant_name, account_sudo.access_id)
    key = (account.id, *access)
    if key not in clients:
        clients[key] = OctopusClient(*access)
    return clients[key]


def explain_error(account, error):
    """Return one plain sentence as a Notice: what is wrong with the connection, what to do next.

    :param error: an OctopusError, or a UserError of `open_client`
    """
    env = account.env
    if isinstance(error, UserError):
        return error.args[0]
    for kind, sentence in EXPLANATIONS:
        if isinstance(error, kind):
            return sentence(env, url=account.base_url)
    return OTHER_PROBLEM(env, error=error)


# === TEST === #


def connect(account):
    """Ask Octopus for the shop and its locations with the stored credentials, and save them.

    :raise UserError: says in one sentence why the connection does not work
    """
    try:
        with account._get_client() as client:
            shop = client.get_shop()
            locations = client.get_locations()
            clock_skew = client.clock_skew
    except OctopusError as error:
        raise UserError(account._explain_error(error)) from error
    _agree_on_time(account, clock_skew)
    account.write(
        {
            "state": "connected",
            "state_message": False,
            "shop_name": shop.name,
            "shop_currency": shop.currency,
            "shop_timezone": shop.timezone,
            "shop_weight_unit": shop.weight_unit,
            "shop_taxes_included": bool(shop.taxes_included),
        }
    )
    account.sudo().fulfillment_call = False  # the next parcel asks again
    # Managers may only read the state of the stock worker, which tries again at once.
    account.sudo().write({"stock_message": False, "stock_resume_at": False, "stock_attempts": 0})
    _update_locations(account, locations, shop.primary_location_ref)


def _agree_on_time(account, clock_skew):
    """Correct the moment from which orders are taken by the clock of Octopus, before the first
    connection and unless a user has chosen it.

    :param timedelta clock_skew: how far Octopus's clock is ahead of Odoo's
    """
    is_chosen = abs(account.orders_since - account.create_date) > timedelta(minutes=1)
    if clock_skew and not (is_chosen or account.shop_name or account.order_watermark):
        account.orders_since += clock_skew


def _update_locations(account, locations, primary_ref):
    """Update the list of Octopus's locations; the warehouses that users chose are kept.

    :param list locations: of `lib.octopus_api.Location`
    :param primary_ref: the id of the shop's primary location
    """
    # Managers choose the warehouses, but only Octopus adds and removes locations.
    account_sudo = account.sudo()
    known = {
        location.octopus_ref: location
        for location in account_sudo.with_context(active_test=False).location_ids
    }
    for remote in locations:
        vals = {"name": remote.name or remote.ref, "active": remote.active}
        if remote.ref in known:
            known.pop(remote.ref).write(vals)
        else:
            vals.update(account_id=account.id, octopus_ref=remote.ref)
            account_sudo.env["octopus.location"].create(vals)
    for gone in known.values():
        gone.active = False
    if account_sudo.location_ids and not account_sudo.location_ids.filtered("is_default"):
        _choose_default_location(account_sudo, primary_ref)


def _choose_default_location(account_sudo, primary_ref):
    """Make the primary location the default; give it the company's warehouse if there is one."""
    locations = account_sudo.location_ids
    primary = locations.filtered(lambda location: location.octopus_ref == primary_ref)
    default = (primary or locations)[0]
    default.is_default = True
    warehouses = account_sudo.env["stock.warehouse"].search(
        [("company_id", "=", account_sudo.company_id.id)], limit=2
    )
    if len(warehouses) == 1 and not locations.warehouse_id:
        default.warehouse_id = warehouses
