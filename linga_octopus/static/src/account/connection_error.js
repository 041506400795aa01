import { Component, useState, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Why the last Save & Test failed, above the fields that it is about. */
export class ConnectionError extends Component {
    static template = xml`
        <div t-if="state.message" class="alert alert-danger" role="alert" t-esc="state.message" />`;
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ message: "" });
        useBus(this.props.record.model.bus, "OCTOPUS_CONNECTION", ({ detail }) => {
            this.state.message = detail;
        });
    }
}

registry.category("view_widgets").add("octopus_connection_error", { component: ConnectionError });
