import { Component } from "@odoo/owl";

/** The packing slip that the printer of the Point of Sale prints. */
export class OnlineOrderTicket extends Component {
    static template = "linga_octopus.OnlineOrderTicket";
    static props = { order: Object, when: String };
}
