import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Layout } from "@web/search/layout";

const FIELDS = ["name", "state", "company_id"];

/** Browse and Subscribe: the Octopus card under Online Ordering, with the stores that use it. */
export class OctopusMarketplace extends Component {
    static template = "linga_octopus.Marketplace";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ stores: [], labels: {} });
        onWillStart(() => this.load());
    }

    async load() {
        const [stores, fields] = await Promise.all([
            this.orm.searchRead("octopus.account", [], FIELDS),
            this.orm.call("octopus.account", "fields_get", [["state"], ["selection"]]),
        ]);
        this.state.stores = stores;
        this.state.labels = Object.fromEntries(fields.state.selection);
    }

    badgeClass(store) {
        return {
            unsubscribed: "text-bg-secondary",
            subscribed: "text-bg-info",
            connected: "text-bg-success",
            error: "text-bg-danger",
        }[store.state];
    }

    /** @param {number} [accountId] an unsubscribed store that subscribes again */
    subscribe(accountId) {
        return this.action.doAction("linga_octopus.octopus_subscribe_action", {
            additionalContext: accountId ? { default_account_id: accountId } : {},
            onClose: () => this.load(),
        });
    }

    async openSettings(accountId) {
        const action = await this.orm.call("octopus.account", "action_open_settings", [
            [accountId],
        ]);
        return this.action.doAction(action);
    }

    manage() {
        return this.action.doAction("linga_octopus.octopus_account_action");
    }
}

registry.category("actions").add("octopus_marketplace", OctopusMarketplace);
