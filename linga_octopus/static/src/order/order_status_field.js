import { OrderStatusBadge } from "@linga_octopus/common/order_status_badge";
import { changeStatus } from "@linga_octopus/order/status_change";
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
        />
    `;
    static components = { OrderStatusBadge };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
    }

    select(status) {
        return changeStatus(this, this.props.record, status);
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
