import { ageText, isLate } from "@linga_octopus/pos/order_texts";
import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** How long an open order has been waiting, red when that is too long. */
export class OrderAge extends Component {
    static template = "linga_octopus.OrderAge";
    static props = { order: Object, now: Number };

    setup() {
        this.onlineOrders = useState(useService("octopus_online_orders"));
    }

    get text() {
        return ageText(this.props.order, this.props.now);
    }

    get isLate() {
        return isLate(this.props.order, this.props.now, this.onlineOrders.lateMinutes);
    }
}
