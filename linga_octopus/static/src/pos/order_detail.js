import { OrderStatusBadge } from "@linga_octopus/common/order_status_badge";
import { OrderBadges } from "@linga_octopus/pos/order_badges";
import { PackingLines } from "@linga_octopus/pos/packing_lines";
import { channelClass, momentOrTime } from "@linga_octopus/pos/order_texts";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** One online order beside the list: what to pack, for whom, and what to do with it. */
export class OrderDetail extends Component {
    static template = "linga_octopus.OrderDetail";
    static components = { OrderBadges, OrderStatusBadge, PackingLines };
    static props = {
        order: Object,
        packing: Object,
        /** pairs of value and label */
        statuses: Array,
        onClosed: Function,
        onCompleted: Function,
        onDecided: Function,
        onPrinted: Function,
        onReady: Function,
        onShipped: Function,
        onSoldOut: Function,
        onStatusSelected: Function,
    };

    get order() {
        return this.props.order;
    }

    get channelClass() {
        return channelClass(this.order);
    }

    momentText(text) {
        return momentOrTime(text);
    }

    /** When and where the packing slip was printed last. */
    get printedText() {
        const { printed_at: moment, printed_by: pos } = this.order;
        return moment ? _t("Printed %(time)s at %(pos)s", { time: momentOrTime(moment), pos }) : "";
    }

    /** The customer of an open pickup order is to come, or is here. */
    get isPickup() {
        return this.order.can_ship && this.order.is_pickup;
    }

    get packing() {
        return this.props.packing;
    }
}
