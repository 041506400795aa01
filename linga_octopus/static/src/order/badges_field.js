import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What is not as it should be with an order, as colored badges. */
export class BadgesField extends Component {
    static template = "linga_octopus.BadgesField";
    static props = { ...standardFieldProps };

    get badges() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const badgesField = {
    component: BadgesField,
    displayName: _t("Octopus Badges"),
    supportedTypes: ["json"],
};

registry.category("fields").add("octopus_badges", badgesField);
