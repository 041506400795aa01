import { onMounted } from "@odoo/owl";
import { openTab } from "@linga_octopus/backend/checklist/checklist_field";
import { PassFormController } from "@linga_octopus/backend/live/pass_form";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** The settings page of an integration: the passes on it move while one looks. */
export class OctopusAccountFormController extends PassFormController {
    setup() {
        super.setup();
        onMounted(() => this.openFirstStep());
    }

    /** A store that has just subscribed needs its credentials, and nothing before them. */
    openFirstStep() {
        const { data, isNew } = this.model.root || {};
        if (data && !isNew && data.state === "subscribed" && !data.merchant_name) {
            openTab("settings", "merchant_name");
        }
    }
}

registry.category("views").add("octopus_account_form", {
    ...formView,
    Controller: OctopusAccountFormController,
});
