import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** The lines of an online order: a click on one opens nothing, as with `no_open` in the form. */
export class OrderLinesField extends X2ManyField {
    get rendererProps() {
        const props = super.rendererProps;
        if (this.props.viewMode === "list") {
            props.archInfo = { ...props.archInfo, noOpen: true };
        }
        return props;
    }
}

export const orderLinesField = { ...x2ManyField, component: OrderLinesField };

registry.category("fields").add("octopus_order_lines", orderLinesField);
