import { momentOrTime } from "@linga_octopus/pos/order_texts";
import { Component } from "@odoo/owl";

/** What to know of an order at a glance: paid or not, pickup or delivery. */
export class OrderBadges extends Component {
    static template = "linga_octopus.OrderBadges";
    static props = { order: Object };

    get paymentClass() {
        const { is_unpaid: isUnpaid, is_refunded: isRefunded } = this.props.order;
        return isUnpaid
            ? "text-bg-danger"
            : isRefunded
              ? "text-bg-warning"
              : "text-bg-light border";
    }

    get dueText() {
        const { pickup_due: due } = this.props.order;
        return due ? momentOrTime(due) : "";
    }
}
