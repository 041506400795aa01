import { Component } from "@odoo/owl";

/** What to know of an order at a glance: paid or not, pickup or delivery. */
export class OrderBadges extends Component {
    static template = "linga_octopus.OrderBadges";
    static props = { order: Object };
}
