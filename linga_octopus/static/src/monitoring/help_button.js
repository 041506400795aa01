import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";

const MANUAL = "/linga_octopus/static/manual";
// The page of the manual about each screen, by its model or its client action.
const PAGES = {
    octopus_marketplace: "set-up.html#subscription",
    "octopus.account": "set-up.html#settings-tab-connect",
    "octopus.channel": "for-managers.html#orders-in-the-back-office",
    "octopus.order": "for-managers.html#orders-in-the-back-office",
    "octopus.order.check": "for-managers.html#order-checks",
    "octopus.order.report": "for-managers.html#orders-in-the-back-office",
    "octopus.product.alias": "for-managers.html#orders-in-the-back-office",
    "octopus.stock.difference": "set-up.html#the-other-buttons",
    "octopus.stock.level": "set-up.html#sync-stocks",
    "octopus.stock.update": "set-up.html#in-octopus",
    "octopus.sync.issue": "troubleshooting.html",
    "octopus.sync.run": "for-managers.html#overview-sync-runs-issues",
};
const OVERVIEW = "for-managers.html#overview-sync-runs-issues";
const PRODUCTS = "set-up.html#sync-products";
const ACTIONS = { octopus: OVERVIEW, "octopus-products": PRODUCTS };

/** Return the page of the manual about a screen of the app, or undefined. */
export function manualPage(action) {
    const page = ACTIONS[action?.path] || PAGES[action?.res_model] || PAGES[action?.tag];
    return page && `${MANUAL}/${page}`;
}

/** The question mark beside the user's menu, on the screens of the app only. */
export class HelpButton extends Component {
    static template = "linga_octopus.HelpButton";
    static props = {};

    setup() {
        this.action = useService("action");
        this.state = useState({ page: undefined });
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", () => this.update());
        this.update();
    }

    update() {
        this.state.page = manualPage(this.action.currentController?.action);
    }
}

registry.category("systray").add("octopus_help", { Component: HelpButton }, { sequence: 90 });
