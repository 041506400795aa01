import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What happened to an order, step by step. */
export class TimelineField extends Component {
    static template = "linga_octopus.TimelineField";
    static props = { ...standardFieldProps };

    get rows() {
        const rows = this.props.record.data[this.props.name] || [];
        return rows.map(({ at, text, icon }) => ({
            at: toLocaleDateTimeString(deserializeDateTime(at)),
            text,
            icon,
        }));
    }
}

export const timelineField = {
    component: TimelineField,
    displayName: _t("Octopus Timeline"),
    supportedTypes: ["json"],
};

registry.category("fields").add("octopus_timeline", timelineField);
