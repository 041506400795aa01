"""What the web client knows from the start."""

from odoo.tests import HttpCase, new_test_user


class TestSessionInfo(HttpCase):
    def currency_of(self, login, groups):
        """Return what the web client of a user knows of a currency that is switched off."""
        new_test_user(self.env, login, groups, password=login)
        self.authenticate(login, login)
        info = self.make_jsonrpc_request("/web/session/get_session_info", {})
        return info["currencies"].get(str(self.yen.id))

    def test_amounts_in_a_currency_that_is_off_have_their_symbol(self):
        self.yen = self.env.ref("base.JPY")
        self.yen.active = False
        found = self.currency_of("octopus-session", "linga_octopus.group_octopus_user")
        self.assertEqual((found["name"], found["symbol"], found["digits"]), ("JPY", "¥", [69, 0]))
        self.assertFalse(self.currency_of("plain-session", "base.group_user"))
