from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...lib.tracking import pasted_numbers, split_numbers
from ...models.fulfillment.carriers import carrier_names, latest_carrier
from ...models.fulfillment.shipping import correct_parcel, hand_over, ship


class OctopusShip(models.TransientModel):
    """Asks how goods leave: carrier, tracking numbers, and of one order which pieces.

    Of several orders each has a row, and numbers are scanned or pasted.
    """

    _name = "octopus.ship"
    _description = "Ship Online Orders"

    order_ids = fields.Many2many("octopus.order", string="Online Orders", readonly=True)
    fulfillment_id = fields.Many2one("octopus.fulfillment", "Parcel", readonly=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, export_string_translation=False
    )
    kind = fields.Selection(
        [("parcel", "Ship"), ("counter", "Hand Over")],
        required=True,
        default="parcel",
        readonly=True,
        export_string_translation=False,
    )
    handed_to = fields.Char(
        compute="_compute_handed_to",
        store=True,
        readonly=False,
        help="Who came for the goods.",
    )
    is_single = fields.Boolean(compute="_compute_is_single", export_string_translation=False)
    carrier = fields.Char(
        default=lambda self: self._default_carrier(),
        help="Such as DHL; the link to the tracking page follows from it.",
    )
    carrier_names = fields.Json(compute="_compute_carrier_names", export_string_translation=False)
    numbers = fields.Char(
        "Tracking Number",
        default=lambda self: self._default_parcel().tracking_numbers,
        help="Several are divided by blanks or commas.",
    )
    pasted = fields.Text(
        "Scan or Paste",
        store=False,
        help="One tracking number a line, in the order of the rows; or an order number first.",
    )
    unknown = fields.Text(
        "Without an Order", readonly=True, store=False, help="No order is left for these numbers."
    )
    row_ids = fields.One2many(
        "octopus.ship.row",
        "ship_id",
        "Orders",
        compute="_compute_row_ids",
        store=True,
        readonly=False,
        help="One parcel for each order.",
    )
    line_ids = fields.One2many(
        "octopus.ship.line",
        "ship_id",
        "Pieces",
        compute="_compute_row_ids",
        store=True,
        readonly=False,
        help="How many pieces of each item are in this parcel.",
    )
    ships_unnumbered = fields.Boolean(
        "Ship Orders Without a Number, Too", help="For goods that you bring yourself."
    )

    @api.depends("order_ids", "fulfillment_id")
    def _compute_company_id(self):
        for wizard in self:
            orders = wizard.order_ids or wizard.fulfillment_id.order_id
            wizard.company_id = orders.company_id[:1] or self.env.company

    @api.depends("order_ids", "fulfillment_id")
    def _compute_is_single(self):
        for wizard in self:
            wizard.is_single = len(wizard.order_ids) == 1 or bool(wizard.fulfillment_id)

    @api.depends("order_ids")
    def _compute_handed_to(self):
        for wizard in self:
            wizard.handed_to = len(wizard.order_ids) == 1 and wizard.order_ids.customer_name

    @api.depends("order_ids", "fulfillment_id")
    def _compute_carrier_names(self):
        for wizard in self:
            orders = wizard.order_ids._origin or wizard.fulfillment_id.order_id
            wizard.carrier_names = carrier_names(orders.account_id)

    @api.depends("order_ids")
    def _compute_row_ids(self):
        for wizard in self:
            rows, lines = [Command.clear()], [Command.clear()]
            for order in wizard.order_ids._origin:
                left = order._lines_to_ship() if order.status != "cancelled" else {}
                if left:
                    rows.append(Command.create({"order_id": order.id}))
                lines += [
                    Command.create({"order_line_id": line.id, "left": n, "quantity": n})
                    for line, n in left.items()
                ]
            wizard.row_ids = rows
            wizard.line_ids = lines if len(wizard.order_ids) == 1 else [Command.clear()]

    def _default_parcel(self):
        """Return the parcel whose number is corrected, or none."""
        return self.env["octopus.fulfillment"].browse(
            self.env.context.get("default_fulfillment_id")
        )

    def _default_carrier(self):
        """Return the carrier of the parcel, else the latest one."""
        if parcel := self._default_parcel():
            return parcel.carrier
        orders = self.env["octopus.order"].browse(self.env.context.get("default_order_ids") or ())
        return bool(orders) and latest_carrier(orders.account_id)

    @api.onchange("pasted")
    def _onchange_pasted(self):
        """Give the numbers to the orders."""
        if not (self.pasted or "").strip():
            return
        rows = list(self.row_ids)
        taken = {place for place, row in enumerate(rows) if row.numbers}
        names = [row._names() for row in rows]
        found, unknown = pasted_numbers(self.pasted, names, self.carrier_names or (), taken)
        for entry in found:
            row = rows[entry.at]
            numbers = dict.fromkeys([*split_numbers(row.numbers), entry.number])
            row.numbers = " ".join(numbers)
            row.carrier = entry.carrier or row.carrier
        self.pasted = False
        self.unknown = "\n".join(unknown) or False

    # === ACTION METHODS === #

    def action_ship(self):
        """Ship what was chosen."""
        self.ensure_one()
        self._ship()
        return {"type": "ir.actions.act_window_close"}

    def action_ship_and_print(self):
        """Ship what was chosen, and print the packing slips."""
        self.ensure_one()
        orders = self._ship()
        report = self.env.ref("linga_octopus.octopus_order_report_picking_ticket")
        return {**report.report_action(orders), "close_on_report_download": True}

    def action_correct(self):
        """Give the parcel other numbers."""
        self.ensure_one()
        self.fulfillment_id.order_id.check_access("write")
        for parcel in self.fulfillment_id:
            if parcel.origin == "channel":
                raise UserError(self.env._("The sales channel shipped this: change it there."))
            # Parcels are written by the addon; every user of online orders may ship.
            correct_parcel(parcel.sudo(), self.carrier, split_numbers(self.numbers))
        return {"type": "ir.actions.act_window_close"}

    def action_cancel_parcel(self):
        """Say that the parcel did not leave."""
        self.ensure_one()
        self.fulfillment_id.action_cancel()
        return {"type": "ir.actions.act_window_close"}

    def _ship(self):
        """Ship, and return the orders."""
        self.order_ids.check_access("write")
        if self.is_single:
            pieces = {line.order_line_id.sudo(): line.quantity for line in self.line_ids}
            if not pieces:
                pieces = None  # says why
            self._ship_one(self.order_ids, pieces, self.numbers, self.carrier, self.handed_to)
            return self.order_ids
        rows = self.row_ids
        if self.kind == "parcel" and not self.ships_unnumbered:
            rows = rows.filtered("numbers")
        if not rows:
            raise UserError(
                self.env._(
                    "No order has a tracking number. Scan some, or tick Ship Orders Without a "
                    "Number, Too."
                )
            )
        rows.order_id.check_access("write")
        for row in rows:
            carrier, name = row.carrier or self.carrier, row.customer_name
            self._ship_one(row.order_id, None, row.numbers, carrier, name)
        return rows.order_id

    def _ship_one(self, order, pieces, numbers, carrier, name):
        # Parcels are written by the addon; every user of online orders may ship.
        if self.kind == "counter":
            hand_over(order.sudo(), pieces, handed_to=name)
        else:
            ship(order.sudo(), pieces, carrier=carrier, numbers=split_numbers(numbers))


class OctopusShipRow(models.TransientModel):
    """One of several orders that are shipped, each in one parcel."""

    _name = "octopus.ship.row"
    _description = "Ship Online Orders: Order"

    ship_id = fields.Many2one("octopus.ship", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="ship_id.company_id", store=True)
    order_id = fields.Many2one("octopus.order", required=True, readonly=True)
    customer_name = fields.Char(related="order_id.customer_name")
    contents = fields.Text(compute="_compute_contents", help="The pieces that are left.")
    carrier = fields.Char(help="Where it is another one than that above.")
    numbers = fields.Char("Tracking Number", help="Several are divided by blanks or commas.")

    @api.depends("order_id")
    def _compute_contents(self):
        for row in self:
            left = row.order_id._lines_to_ship()
            row.contents = "\n".join(
                self.env._(
                    "%(quantity)s × %(product)s", quantity=f"{n:g}", product=line.display_name
                )
                for line, n in left.items()
            )

    def _names(self):
        """Return what people call the order."""
        order = self.order_id
        return (order.third_party_order_no, order.aggregator_order_no, order.display_name)


class OctopusShipLine(models.TransientModel):
    """How many pieces of a line leave."""

    _name = "octopus.ship.line"
    _description = "Ship Online Orders: Pieces"

    ship_id = fields.Many2one("octopus.ship", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="ship_id.company_id", store=True)
    order_line_id = fields.Many2one(
        "octopus.order.line", "Item", required=True, readonly=True, help="The line of the order."
    )
    left = fields.Float(
        "Left to Ship",
        digits="Product Unit",
        readonly=True,
        help="Neither shipped nor refunded.",
    )
    quantity = fields.Float(
        "In This Parcel", digits="Product Unit", help="How many pieces leave now."
    )
