from . import Incident


class WithoutCredentials(Incident):
    """Webhooks come without the merchant's credentials: each order is read back."""

    per_day = 4
    minutes = (5, 120)

    def begin(self, dice):
        self.shop.webhooks_have_credentials = False

    def end(self):
        self.shop.webhooks_have_credentials = True
