import { Component } from "@odoo/owl";

/** What the till's printer prints for whoever picks the goods. */
export class OnlineOrderTicket extends Component {
    static template = "linga_octopus.OnlineOrderTicket";
    static props = { order: Object, when: String };
}
