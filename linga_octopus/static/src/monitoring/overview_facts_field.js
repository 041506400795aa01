import { comingMoment } from "@linga_octopus/sync/coming_moment";
import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// Warn below this percentage of the calls per minute that Octopus allows.
const LOW_PERCENT = 10;
const DATETIME = /^\d{4}-\d\d-\d\d /;

/** Facts of a store on the overview: oversold products, time to complete, API calls, last and next syncs. */
export class OverviewFactsField extends Component {
    static template = "linga_octopus.OverviewFactsField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get facts() {
        return this.props.record.data[this.props.name];
    }

    get syncs() {
        return this.facts.syncs.map((sync) => ({
            ...sync,
            lastText: sync.last ? deserializeDateTime(sync.last).toRelative() : _t("never"),
            lastTitle: sync.last ? formatDateTime(deserializeDateTime(sync.last)) : "",
            nextText: this.nextText(sync.next),
        }));
    }

    nextText(next) {
        if (!DATETIME.test(next)) {
            return next;
        }
        return comingMoment(deserializeDateTime(next));
    }

    get isLow() {
        return this.facts.rate.percent < LOW_PERCENT;
    }

    quantity(product) {
        return formatFloat(product.quantity, { trailingZeros: false });
    }

    async openOrders(product) {
        const { record } = this.props;
        const action = await this.orm.call(record.resModel, "action_open_orders_of_product", [
            [record.resId],
            product.id,
        ]);
        await this.action.doAction(action);
    }
}

export const overviewFactsField = {
    component: OverviewFactsField,
    displayName: _t("Octopus Overview: Facts"),
    supportedTypes: ["json"],
};

registry.category("fields").add("octopus_overview_facts", overviewFactsField);
