import { useLiveReload } from "@linga_octopus/backend/live/live_reload";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { FormController } from "@web/views/form/form_controller";

/** The settings page of an integration: the passes on it move while one looks. */
export class OctopusAccountFormController extends FormController {
    setup() {
        super.setup();
        useLiveReload({
            messageType: "linga_octopus/passes",
            // Until the page is loaded there is nothing to compare with: look again afterwards.
            concerns: ({ account_ids }) =>
                !this.model.isReady || account_ids.includes(this.model.root.resId),
            canReload: () => this.canReload(),
            reload: () => this.model.root.load(),
        });
    }

    /** Somebody who is typing must not lose a letter. */
    async canReload() {
        if (!this.model.isReady) {
            return false;
        }
        const { root } = this.model;
        const isTyping = this.rootRef.el?.contains(
            document.activeElement.closest("input, textarea, select")
        );
        return !root.isNew && !isTyping && !(await root.isDirty());
    }
}

registry.category("views").add("octopus_account_form", {
    ...formView,
    Controller: OctopusAccountFormController,
});
