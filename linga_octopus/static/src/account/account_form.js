import { onMounted } from "@odoo/owl";
import { openTab } from "@linga_octopus/account/open_tab";
import { RunFormController } from "@linga_octopus/sync/run_form";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** The settings page of a store, reloaded while its sync runs go on. */
export class OctopusAccountFormController extends RunFormController {
    setup() {
        super.setup();
        onMounted(() => this.openFirstStep());
    }

    /** Open the Settings tab of a store that has no credentials yet. */
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
