from decimal import Decimal

from . import Actor


class Bank(Actor):
    """Gets the payouts of the channels, less their fees; an accountant matches them with the days
    that they pay."""

    per_day = 5

    def act(self, dice):
        self.do(lambda env: self._pay_out(env, dice), self.shop.users["accountant"])

    def _pay_out(self, env, dice):
        maps = env["octopus.booking.map"].search([("state", "=", "confirmed")])
        items = env["account.move.line"].search(
            [
                ("account_id", "in", maps.clearing_account_id.ids),
                ("reconciled", "=", False),
                ("parent_state", "=", "posted"),
            ],
            order="date, id",
        )
        if not items:
            return
        first = dice.choice(items)
        of_channel = items.grouped(lambda item: (item.account_id, item.currency_id))
        items = of_channel[first.account_id, first.currency_id][: dice.randint(1, 3)]
        owed = sum(Decimal(str(item.amount_residual_currency)) for item in items)
        paid = round(owed * Decimal(dice.choice(("1", "0.97", "0.85"))), 0)
        if paid > 0:
            self._match(env, self._bank_line(env, first.currency_id, paid), items)

    def _bank_line(self, env, currency, paid):
        return env["account.bank.statement.line"].create(
            {
                "journal_id": self._journal(env, currency).id,
                "date": self.simulation.clock.now.date(),
                "payment_ref": "Payout",
                "amount": float(paid),
            }
        )

    def _journal(self, env, currency):
        """Return the journal of the bank account in a currency, opened when there is none."""
        name = f"Bank {currency.name}"
        journals = env["account.journal"]
        return journals.search([("name", "=", name)], limit=1) or journals.create(
            {"name": name, "code": f"B{currency.name}", "type": "bank", "currency_id": currency.id}
        )

    def _match(self, env, line, items):
        fee_accounts = [("account_type", "=", "expense")]
        payout = env["octopus.payout"].create(
            {
                "statement_line_id": line.id,
                "clearing_account_id": items.account_id.id,
                "fee_account_id": env["account.account"].search(fee_accounts, limit=1).id,
            }
        )
        payout.item_ids = items
        payout.action_match()
        self.simulation.counts["payouts matched"] += 1
