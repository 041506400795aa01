import { askCancel } from "@linga_octopus/common/cancel_dialog";
import { isFinal } from "@linga_octopus/common/order_status";
import { OrderStatusBadge } from "@linga_octopus/common/order_status_badge";
import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The status of an online order, saved at once in every view. */
export class OrderStatusField extends Component {
    static template = xml`
        <OrderStatusBadge
            status="props.record.data[props.name]"
            options="props.record.fields[props.name].selection"
            readonly="props.readonly"
            onSelected.bind="select"
        />`;
    static components = { OrderStatusBadge };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
    }

    async select(status) {
        const { record, name } = this.props;
        if (isFinal(status) && !(await this.confirmCancel())) {
            return;
        }
        try {
            await record.update({ [name]: status }, { save: true });
        } catch (error) {
            // The server refused: show its value again.
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
    // The status can be set in a list row that is not being edited.
    extractProps: (fieldInfo, dynamicInfo) => ({ readonly: dynamicInfo.readonly }),
};

registry.category("fields").add("octopus_order_status", orderStatusField);
