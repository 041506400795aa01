import { momentOrTime } from "@linga_octopus/pos/order_texts";
import { Component } from "@odoo/owl";

/** The packing slip that the printer of the Point of Sale prints. */
export class OnlineOrderTicket extends Component {
    static template = "linga_octopus.OnlineOrderTicket";
    static props = { order: Object, when: String };

    get dueText() {
        const { pickup_due: due } = this.props.order;
        return due ? momentOrTime(due) : "";
    }
}
