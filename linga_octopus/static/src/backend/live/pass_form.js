import { useLiveReload } from "@linga_octopus/backend/live/live_reload";
import { FormController } from "@web/views/form/form_controller";

/** A form that shows what a pass of a store brings, while one looks. */
export class PassFormController extends FormController {
    setup() {
        super.setup();
        useLiveReload({
            messageType: "linga_octopus/passes",
            // Until the page is loaded there is nothing to compare with: look again afterwards.
            concerns: ({ account_ids }) =>
                !this.model.isReady || account_ids.includes(this.accountId),
            canReload: () => this.canReload(),
            reload: () => this.model.root.load(),
        });
    }

    /** Undefined while the page is still loading: it will show what is new anyway. */
    get accountId() {
        return this.model.root?.resId;
    }

    /** Somebody who is typing must not lose a letter. */
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
