import { comingMoment } from "@linga_octopus/backend/live/coming_moment";
import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// Less than this share left of the calls that Octopus allows in a minute is worth a look.
const TIGHT = 10;
const MOMENT = /^\d{4}-\d\d-\d\d /;

/** What a store's card says besides its sales: what is short, how fast, what was done and is next. */
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
        if (!MOMENT.test(next)) {
            return next;
        }
        return comingMoment(deserializeDateTime(next));
    }

    get isTight() {
        return this.facts.rate.percent < TIGHT;
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
