import secrets
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, ormcache

from ...lib.octopus_api import DEFAULT_BASE_URL, OctopusClient
from ...lib.octopus_api.errors import (
    OctopusAuthError,
    OctopusConnectionError,
    OctopusError,
    OctopusForbidden,
    OctopusNotFound,
    OctopusTimeout,
)
from ...orm import clear_caches

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MANAGER = "linga_octopus.group_octopus_manager"


def _is_safe_address(url):
    """Tell whether the secret may be sent there: encrypted, or inside this machine (sandbox)."""
    try:
        address = urlsplit(url)
    except ValueError:  # such as an open bracket
        return False
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)


class OctopusAccount(models.Model):
    """How the store reaches Octopus, and Octopus the store: addresses and secrets."""

    _inherit = "octopus.account"

    # === CREDENTIALS === #
    merchant_name = fields.Char(copy=False, help="As Octopus shows it for your store.")
    access_id = fields.Char(
        "Access ID",
        copy=False,
        groups=MANAGER,
        help="The secret that Octopus gives you together with the merchant name.",
    )
    base_url = fields.Char(
        "Octopus Address",
        required=True,
        default=DEFAULT_BASE_URL,
        help="Only a system administrator may change it.",
    )
    webhook_token = fields.Char(
        copy=False,
        readonly=True,
        groups=MANAGER,
        default=lambda self: secrets.token_urlsafe(32),
        export_string_translation=False,
    )
    webhook_url = fields.Char(
        "Webhook Address",
        compute="_compute_webhook_url",
        groups=MANAGER,
        help="Register this address for the order events in the Octopus admin page. "
        "It contains a secret: share it with Octopus only.",
    )

    # === WHAT OCTOPUS SAYS OF THE SHOP === #
    shop_name = fields.Char(readonly=True, copy=False)
    shop_currency = fields.Char(readonly=True, copy=False)
    shop_timezone = fields.Char(readonly=True, copy=False)
    shop_weight_unit = fields.Char(readonly=True, copy=False)
    shop_taxes_included = fields.Boolean("Shop Prices Include Tax", readonly=True, copy=False)

    _merchant_uniq = models.UniqueIndex(
        "(company_id, base_url, lower(merchant_name)) WHERE active",
        "This merchant is already connected to a store of the company.",
    )
    _webhook_token_uniq = models.Constraint("UNIQUE(webhook_token)", "Webhook tokens are unique.")

    @api.depends("webhook_token")
    def _compute_webhook_url(self):
        root = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        for account in self:
            token = account.webhook_token
            account.webhook_url = token and f"{root}/octopus/webhook/{token}"

    @api.model
    def _of_webhook(self, token):
        """Return the account whose webhook has this token, also an archived one, or none."""
        try:
            return self.browse(self._id_of_webhook(token))
        except LookupError:
            return self.browse()

    @api.model
    @ormcache("token")
    def _id_of_webhook(self, token):
        """Return the id of the account; every order asks.

        :raise LookupError: no account has this token; what somebody guesses is not kept
        """
        # PostgreSQL's statement holds the secret: Odoo logs those that fail.
        self.env.cr.execute(
            SQL("SELECT id FROM octopus_account WHERE webhook_token = %s", token),
            log_exceptions=False,
        )
        found = self.env.cr.fetchone()
        if not found:
            raise LookupError
        return found[0]

    @api.constrains("base_url")
    def _check_base_url(self):
        for account in self:
            if not _is_safe_address(account.base_url):
                raise ValidationError(self.env._("The Octopus address must begin with https://."))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._without_blanks(vals) for vals in vals_list]
        access_ids = [vals.pop("access_id", None) for vals in vals_list]
        accounts = super().create(vals_list)
        # Asked afterwards: it may come from a default, which everybody can set for himself.
        if any(account.base_url != DEFAULT_BASE_URL for account in accounts):
            self._check_may_set_base_url()
        for account, access_id in zip(accounts, access_ids, strict=True):
            if access_id:
                account.access_id = access_id
        return accounts

    def unlink(self):
        result = super().unlink()
        clear_caches(self.env)
        return result

    def write(self, vals):
        if "base_url" in vals and any(account.base_url != vals["base_url"] for account in self):
            self._check_may_set_base_url()
        vals = self._without_blanks(vals)
        access_id = vals.pop("access_id", None) if vals.get("access_id") else None
        result = super().write(vals)
        if "webhook_token" in vals:
            self.flush_recordset(["webhook_token"])
            clear_caches(self.env)
        if access_id:
            self._lock_for_secret()
            result = super().write({"access_id": access_id})
            self.flush_recordset()
        return result

    def _lock_for_secret(self):
        """Make sure that the next statement cannot fail: Odoo and PostgreSQL log failed ones.

        What makes an account unique is stored before, and whoever else changes it is waited for.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL("SELECT id FROM octopus_account WHERE id IN %s FOR NO KEY UPDATE", self._ids)
        )

    @api.model
    def _check_may_set_base_url(self):
        # The server calls this address with the merchant's secret: who may choose it may
        # make the server talk to any host that it can reach.
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(
                self.env._("Only a system administrator may change the Octopus address.")
            )

    @api.model
    def _without_blanks(self, vals):
        # Pasted credentials carry blanks at their ends more often than not.
        pasted = {
            name: vals[name].strip()
            for name in ("merchant_name", "access_id", "base_url")
            if vals.get(name)
        }
        return {**vals, **pasted}

    # === ACTION METHODS === #

    def action_test_connection(self):
        """Ask Octopus for the shop and its locations with the stored credentials.

        :raise UserError: says in one sentence why the connection does not work
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "unsubscribed":
            raise UserError(self.env._("Subscribe the store to Octopus first."))
        try:
            with self._get_client() as client:
                shop = client.get_shop()
                locations = client.get_locations()
                clock_skew = client.clock_skew
        except OctopusError as error:
            raise UserError(self._explain_error(error)) from error
        self._agree_on_time(clock_skew)
        self.write(
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
        self._update_locations(locations, shop.primary_location_ref)
        return self._notification(
            "success", self.env._("Connected to %(shop)s.", shop=shop.name or self.merchant_name)
        )

    def action_renew_webhook_token(self):
        """Make a new webhook address; the old one stops working at once."""
        self.check_access("write")
        for account in self:
            account.sudo().webhook_token = secrets.token_urlsafe(32)
        return True

    # === BUSINESS METHODS === #

    def _get_client(self):
        """Return a client for this account.

        :raise UserError: when a credential is missing
        """
        return self._get_open_client({})

    def _get_open_client(self, clients):
        """Return the client that a worker has open for the account as it is now, or a new one:
        credentials may change between two batches of a pass. The only place where they are read.

        :param dict clients: the open clients of this worker, by account and credentials
        :raise UserError: when a credential is missing
        """
        self.ensure_one()
        # Workers and tills act for the account without being allowed to read its secret.
        account_sudo = self.sudo()
        if not (account_sudo.merchant_name and account_sudo.access_id):
            raise UserError(
                self.env._("Enter the Merchant Name and the Access ID on the Settings tab first.")
            )
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        if account_sudo.base_url == DEFAULT_BASE_URL and parameters_sudo.get_param(
            "database.is_neutralized"
        ):
            # Stores from before have another address by now; this one was made in the copy.
            raise UserError(
                self.env._(
                    "This is a neutralized copy of a database, which must not reach Octopus. Ask "
                    "your system administrator to enter the address of a test system."
                )
            )
        access = (account_sudo.base_url, account_sudo.merchant_name, account_sudo.access_id)
        key = (self.id, *access)
        if key not in clients:
            clients[key] = OctopusClient(*access)
        return clients[key]

    def _explain_error(self, error):
        """Return one plain sentence: what is wrong with the connection, what to do next."""
        self.ensure_one()
        if isinstance(error, UserError):  # says it already
            return str(error)
        if isinstance(error, OctopusAuthError):
            return self.env._(
                "Octopus does not accept the Merchant Name and Access ID. "
                "Copy both again from Octopus, without blanks."
            )
        if isinstance(error, OctopusForbidden):
            return self.env._(
                "Octopus knows the merchant but does not allow this access. "
                "Ask Octopus to switch on API access for your store."
            )
        if isinstance(error, OctopusTimeout):
            return self.env._("Octopus did not answer in time. Try again in a few minutes.")
        if isinstance(error, OctopusConnectionError):
            return self.env._(
                "Octopus cannot be reached at %(url)s. Check the internet connection of the "
                "server and the Octopus address, then try again.",
                url=self.base_url,
            )
        if isinstance(error, OctopusNotFound):
            return self.env._(
                "There is no Octopus at %(url)s. Ask your system administrator to correct "
                "the Octopus address.",
                url=self.base_url,
            )
        return self.env._("Octopus answered with a problem: %(error)s", error=error)

    def _update_locations(self, locations, primary_ref):
        """Bring our list of Octopus's locations up to date; the mapping is kept.

        A first connection maps the shop's primary location when there is no choice to make.
        """
        self.ensure_one()
        # Locations are Octopus's: managers map them, only Octopus adds and removes them.
        self = self.sudo()
        known = {
            location.octopus_ref: location
            for location in self.with_context(active_test=False).location_ids
        }
        for remote in locations:
            vals = {"name": remote.name or remote.ref, "active": remote.active}
            if remote.ref in known:
                known.pop(remote.ref).write(vals)
            else:
                vals.update(account_id=self.id, octopus_ref=remote.ref)
                self.env["octopus.location"].create(vals)
        for gone in known.values():
            gone.active = False
        if self.location_ids and not self.location_ids.filtered("is_default"):
            primary = self.location_ids.filtered(lambda loc: loc.octopus_ref == primary_ref)
            default = (primary or self.location_ids)[0]
            default.is_default = True
            warehouses = self.env["stock.warehouse"].search(
                [("company_id", "=", self.company_id.id)], limit=2
            )
            if len(warehouses) == 1 and not self.location_ids.warehouse_id:
                default.warehouse_id = warehouses

    def _set_connection_error(self, error):
        """Record that the credentials stopped working; a successful test clears it."""
        self.write({"state": "error", "state_message": self._explain_error(error)})
