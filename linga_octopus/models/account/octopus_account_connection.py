import secrets

from odoo import api, models
from odoo.exceptions import UserError
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


class OctopusAccount(models.Model):
    """How the store reaches Octopus, and Octopus the store: addresses and secrets."""

    _inherit = "octopus.account"

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

    # === CRUD === #

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
