"""The address of Octopus: who may choose it may make the server talk to any host that it can
reach, with the merchant's secret. Nobody may but a system administrator, however it is spelled."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, new_test_user

from ...lib.octopus_api import DEFAULT_BASE_URL

MANAGER = "base.group_user,linga_octopus.group_octopus_manager"
# The same hosts as others read them, and names that may mean another host a moment later.
INTERNAL = (
    "https://169.254.169.254/latest/meta-data",
    "https://[::ffff:169.254.169.254]/",
    "https://[::1]:8069/",
    "http://localhost:8069/",
    "http://127.0.0.1:5432/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://127.1/",
    "https://metadata.google.internal/",
    "https://127.0.0.1.nip.io/",
    "https://octopusapi.24sevencommerce.com.evil.example/",
    "https://octopusapi.24sevencommerce.com@10.0.0.1/",
    "https://octopusapi.24sevencommerce.com:8443/admin/api/2020-01",
    "https://octopusapi.24sevencommerce.com/admin/api/2020-01/../../..",
)


class TestBaseUrl(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "address-manager", MANAGER)
        cls.accounts = cls.env["octopus.account"].with_user(cls.manager)

    def values(self, **values):
        return {"name": "Store", "merchant_name": "m", "access_id": "secret", **values}

    def test_a_manager_cannot_choose_it(self):
        account = self.accounts.create(self.values())
        self.assertEqual(account.base_url, DEFAULT_BASE_URL)
        for address in INTERNAL:
            with self.subTest(address=address):
                with self.assertRaises(AccessError):
                    account.base_url = address
                with self.assertRaises(AccessError):
                    self.accounts.create(self.values(merchant_name="n", base_url=address))
                self.assertEqual(account.base_url, DEFAULT_BASE_URL)

    def test_not_by_a_default_either(self):
        """Defaults of a context come with any call, those of a user are his own to set."""
        [address, *_others] = INTERNAL
        with self.assertRaises(AccessError):
            self.accounts.with_context(default_base_url=address).create(self.values())
        defaults = self.env["ir.default"].with_user(self.manager)
        defaults.set("octopus.account", "base_url", address, user_id=True)
        with self.assertRaises(AccessError):
            self.accounts.create(self.values())

    def test_not_by_a_copy_an_import_or_the_store_next_door(self):
        account = self.env["octopus.account"].create(
            self.values(base_url="https://octopus.example/api")
        )
        with self.assertRaises(AccessError):
            account.with_user(self.manager).copy({"merchant_name": "n"})
        result = self.accounts.load(["name", "base_url"], [["Store", INTERNAL[0]]])
        self.assertFalse(result["ids"])
        # Whatever else a manager may change, the address stays what it was.
        account.with_user(self.manager).write({"name": "Renamed"})
        self.assertEqual(account.base_url, "https://octopus.example/api")

    def test_not_even_an_administrator_may_send_the_secret_unencrypted(self):
        accounts = self.env["octopus.account"].with_user(self.env.ref("base.user_admin"))
        for address in ("http://octopus.example/", "http://10.0.0.1/", "ftp://x/", "https://["):
            with self.subTest(address=address), self.assertRaises(ValidationError):
                accounts.create(self.values(base_url=address))
