from . import Invariant


class Letters(Invariant):
    """No customer hears of a delivery that only takes the goods of an order from the stock."""

    def check(self, env):
        messages = [("model", "=", "stock.picking"), ("message_type", "=", "sms")]
        count = env["mail.message"].search_count(messages)
        self.require(not count, f"{count} text messages about transfers")
