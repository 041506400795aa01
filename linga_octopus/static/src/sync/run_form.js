import { useLiveReload } from "@linga_octopus/sync/live_reload";
import { FormController } from "@web/views/form/form_controller";

/** A form of a store, reloaded when one of its sync runs gets on. */
export class RunFormController extends FormController {
    setup() {
        super.setup();
        useLiveReload({
            messageType: "linga_octopus/sync_runs",
            // Before the page is loaded the account is unknown: reload afterwards.
            concerns: ({ account_ids }) =>
                !this.model.isReady || account_ids.includes(this.accountId),
            canReload: () => this.canReload(),
            reload: () => this.model.root.load(),
        });
    }

    /** Undefined while the page is still loading. */
    get accountId() {
        return this.model.root?.resId;
    }

    /** No reload while a user types or has unsaved changes. */
    async canReload() {
        if (!this.model.isReady) {
            return false;
        }
        const { root } = this.model;
        if (!root) {
            return false;
        }
        const isTyping = this.rootRef.el?.contains(
            document.activeElement.closest("input, textarea, select")
        );
        return !root.isNew && !isTyping && !(await root.isDirty());
    }
}
