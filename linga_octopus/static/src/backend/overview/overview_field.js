import { Component } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A store's sales of the last days at a glance: by day as columns, by channel as a table. */
export class OverviewField extends Component {
    static template = "linga_octopus.OverviewField";
    static props = { ...standardFieldProps };

    get overview() {
        return this.props.record.data[this.props.name];
    }

    get isEmpty() {
        return !this.overview.week.count;
    }

    get chartLabel() {
        return this.overview.days.map((day) => `${day.title}: ${day.count}`).join(", ");
    }

    /** When what was last done, the kinds that a store has in the order of its first day. */
    get syncs() {
        const { data } = this.props.record;
        return [
            { label: _t("Categories"), at: data.last_categories_sync },
            { label: _t("Products"), at: data.last_products_sync },
            { label: _t("Stock"), at: data.last_stock_sync },
            { label: _t("Orders"), at: data.last_orders_sync },
        ].map(({ label, at }) => ({
            label,
            when: at ? this.moment(at).toRelative() : _t("never"),
        }));
    }

    moment(value) {
        return typeof value === "string" ? deserializeDateTime(value) : value;
    }
}

export const overviewField = {
    component: OverviewField,
    displayName: _t("Octopus Overview"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "last_categories_sync", type: "datetime" },
        { name: "last_products_sync", type: "datetime" },
        { name: "last_stock_sync", type: "datetime" },
        { name: "last_orders_sync", type: "datetime" },
    ],
};

registry.category("fields").add("octopus_overview", overviewField);
