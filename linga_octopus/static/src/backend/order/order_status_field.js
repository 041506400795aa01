import { askCancel } from "@linga_octopus/common/cancel_dialog";
import { isFinal, STATUS_CLASSES } from "@linga_octopus/common/order_status";
import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The status of an online order: a coloured badge that opens the choice of the others. */
export class OrderStatusField extends Component {
    static template = "linga_octopus.OrderStatusField";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.classes = STATUS_CLASSES;
    }

    get options() {
        return this.props.record.fields[this.props.name].selection;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.options.find(([value]) => value === this.value)?.[1];
    }

    get isReadonly() {
        return this.props.readonly || isFinal(this.value);
    }

    async choose(status) {
        const { record, name } = this.props;
        if (status === this.value || (isFinal(status) && !(await this.confirmCancel()))) {
            return;
        }
        try {
            await record.update({ [name]: status }, { save: true });
        } catch (error) {
            // The server refused: show what it has, not what was tried.
            await record.load();
            throw error;
        }
    }

    async confirmCancel() {
        const question = await this.orm.call("octopus.order", "get_cancel_question", [
            [this.props.record.resId],
        ]);
        return askCancel(this.dialog, question);
    }
}

export const orderStatusField = {
    component: OrderStatusField,
    displayName: _t("Online Order Status"),
    supportedTypes: ["selection"],
    // A list row need not be in edition for its status to be set.
    extractProps: (fieldInfo, dynamicInfo) => ({ readonly: dynamicInfo.readonly }),
};

registry.category("fields").add("octopus_order_status", orderStatusField);
