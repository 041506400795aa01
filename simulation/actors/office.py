from . import Actor

BUTTONS = (
    "action_sync_categories",
    "action_sync_products",
    "action_sync_stocks",
    "action_fetch_orders",
    "action_check_stock",
    "action_test_connection",
)


class Office(Actor):
    """Presses the buttons of the store."""

    per_day = 6

    def act(self, dice):
        name = dice.choice(BUTTONS)
        self.do(lambda env: self._press(env, name), self.shop.users["manager"])

    def _press(self, env, name):
        account = env["octopus.account"].browse(self.shop.account_id)
        if hasattr(account, name):
            getattr(account, name)()
            self.simulation.counts["buttons pressed"] += 1
