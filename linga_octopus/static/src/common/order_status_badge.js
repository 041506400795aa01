import { isFinal, STATUS_CLASSES } from "@linga_octopus/common/order_status";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";

/** The status of an online order: a colored badge that opens the list of statuses. */
export class OrderStatusBadge extends Component {
    static template = "linga_octopus.OrderStatusBadge";
    static components = { Dropdown, DropdownItem };
    static props = {
        status: String,
        /** pairs of value and label */
        options: Array,
        onSelected: Function,
        readonly: { type: Boolean, optional: true },
        class: { type: String, optional: true },
    };
    static defaultProps = { readonly: false, class: "" };

    setup() {
        this.classes = STATUS_CLASSES;
    }

    get label() {
        return this.props.options.find(([value]) => value === this.props.status)?.[1];
    }

    get changeLabel() {
        return _t("%s, change the status", this.label);
    }

    get isReadonly() {
        return this.props.readonly || isFinal(this.props.status);
    }

    select(status) {
        if (status !== this.props.status) {
            this.props.onSelected(status);
        }
    }
}
