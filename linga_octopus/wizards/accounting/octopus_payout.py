from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...lib.payout import days_paid


class OctopusPayout(models.TransientModel):
    """Matches a bank line with the days that a channel paid out; the remainder is its fee."""

    _name = "octopus.payout"
    _description = "Octopus Payout"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    statement_line_id = fields.Many2one(
        "account.bank.statement.line",
        "Bank Line",
        required=True,
        domain="[('is_reconciled', '=', False), ('company_id', '=', company_id)]",
        help="What the channel paid to the bank.",
    )
    payment_ref = fields.Char(
        "Label",
        related="statement_line_id.payment_ref",
        help="What the bank says about the payment.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_amounts")
    amount = fields.Monetary("Paid", compute="_compute_amounts", help="What came to the bank.")
    clearing_account_id = fields.Many2one(
        "account.account",
        required=True,
        compute="_compute_clearing_account_id",
        precompute=True,
        store=True,
        readonly=False,
        domain="[('id', 'in', clearing_account_ids)]",
        help="What the channel owes stands there.",
    )
    clearing_account_ids = fields.Many2many(
        "account.account",
        string="Accounts of Channels",
        compute="_compute_clearing_account_ids",
        export_string_translation=False,
    )
    item_ids = fields.Many2many(
        "account.move.line",
        string="Days",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        domain="[('account_id', '=', clearing_account_id), ('reconciled', '=', False),"
        " ('parent_state', '=', 'posted')]",
        help="Proposed: the oldest open days whose sum is at least the payout.",
    )
    amount_items = fields.Monetary(
        "Sum of the Days", compute="_compute_amounts", help="What is open of the chosen days."
    )
    fee = fields.Monetary(compute="_compute_amounts", help="What the channel kept.")
    fee_account_id = fields.Many2one(
        "account.account",
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'expense_other'))]",
        help="Of what the channel kept.",
    )

    @api.depends("company_id")
    def _compute_clearing_account_ids(self):
        for payout in self:
            payout.clearing_account_ids = self._clearing_accounts(payout.company_id)

    def _clearing_accounts(self, company):
        maps = self.env["octopus.booking.map"].search([("company_id", "=", company.id)])
        accounts = maps.clearing_account_id | maps.gateway_ids.account_id
        return accounts | maps.used_account_ids

    @api.depends("statement_line_id")
    def _compute_clearing_account_id(self):
        """Propose the account of the channel that the bank line names, else the first one."""
        for payout in self:
            accounts = payout._named_accounts() or payout.clearing_account_id
            accounts = accounts or payout._clearing_accounts(payout.company_id)
            payout.clearing_account_id = accounts[:1]

    def _named_accounts(self):
        """Return the clearing accounts of the channels that the bank line names."""
        label = (self.statement_line_id.payment_ref or "").lower()
        maps = self.env["octopus.booking.map"].search([("company_id", "=", self.company_id.id)])
        return maps.filtered(lambda each: each.channel_id.name.lower() in label).clearing_account_id

    @api.depends("statement_line_id", "clearing_account_id")
    def _compute_item_ids(self):
        for payout in self:
            payout.item_ids = payout._proposal()

    @api.depends("statement_line_id", "item_ids")
    def _compute_amounts(self):
        for payout in self:
            line = payout.statement_line_id
            payout.currency_id = line.currency_id or payout.company_id.currency_id
            payout.amount = line.amount
            payout.amount_items = sum(payout.item_ids.mapped("amount_residual_currency"))
            payout.fee = payout.amount_items - payout.amount

    def _proposal(self):
        """Return the oldest open days that the bank line pays."""
        items = self.env["account.move.line"]
        line = self.statement_line_id
        if not (line and self.clearing_account_id):
            return items
        open_items = items.search(
            [
                ("account_id", "=", self.clearing_account_id.id),
                ("reconciled", "=", False),
                ("parent_state", "=", "posted"),
                ("currency_id", "=", line.currency_id.id),
                ("date", "<=", line.date),
            ],
            order="date, id",
        )
        # Whole numbers of the smallest coin: sums of floats would be off by a trifle.
        coin = line.currency_id.rounding
        amounts = [round(item.amount_residual_currency / coin) for item in open_items]
        return open_items[: days_paid(amounts, round(line.amount / coin))]

    def action_match(self):
        """Reconcile the bank line with the days, and book the remainder as the fee."""
        self.ensure_one()
        line, items = self.statement_line_id, self.item_ids
        if not items or line.is_reconciled:
            raise UserError(self.env._("Choose the days that the bank line pays."))
        if items.currency_id != line.currency_id or line.foreign_currency_id:
            raise UserError(
                self.env._(
                    "The bank line and the days have different currencies: match them by hand."
                )
            )
        has_fee = not self.currency_id.is_zero(self.fee)
        if has_fee and not self.fee_account_id:
            raise UserError(self.env._("Choose the account for the fee."))
        _liquidity, suspense, other = line._seek_for_lines()
        if other or len(suspense) != 1:
            raise UserError(self.env._("Somebody has begun to match this bank line already."))
        clearing = self._split(line, suspense, has_fee)
        (clearing + items).reconcile()
        return {"type": "ir.actions.act_window_close"}

    def _split(self, line, suspense, has_fee):
        """Replace the suspense item by one on the clearing account, and one for the fee."""
        rate = suspense.balance / suspense.amount_currency if suspense.amount_currency else 1
        own = line.company_id.currency_id
        fee_balance = own.round(self.fee * rate) if has_fee else 0
        commands = [
            Command.update(
                suspense.id,
                {
                    "account_id": self.clearing_account_id.id,
                    "amount_currency": -self.amount_items,
                    "balance": suspense.balance - fee_balance,
                },
            )
        ]
        if has_fee:
            fee = {
                "name": self.env._("Fee of the payout"),
                "account_id": self.fee_account_id.id,
                "currency_id": suspense.currency_id.id,
                "amount_currency": self.fee,
                "balance": fee_balance,
            }
            commands.append(Command.create(fee))
        line.move_id.with_context(skip_readonly_check=True).write({"line_ids": commands})
        return suspense
