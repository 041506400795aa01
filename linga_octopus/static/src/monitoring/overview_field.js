import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Sales of a store in the last days, by day and channel: a column chart and a table. */
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
        return this.overview.days.map((day) => this.dayTitle(day)).join("; ");
    }

    dayTitle(day) {
        const { channels } = this.overview;
        const parts = day.parts
            .map((count, index) => count && `${channels[index].name} ${count}`)
            .filter(Boolean);
        return `${day.title}: ${parts.join(", ") || 0}`;
    }

    color(index) {
        return `o_octopus_channel_${this.overview.channels[index].color}`;
    }

    height(day, count) {
        return Math.max(2, (day.percent * 0.6 * count) / day.count);
    }
}

export const overviewField = {
    component: OverviewField,
    displayName: _t("Octopus Overview"),
    supportedTypes: ["json"],
};

registry.category("fields").add("octopus_overview", overviewField);
