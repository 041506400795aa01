import { useScanShield } from "@linga_octopus/common/scan_shield";
import { onMounted, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";

/** The question before something that cannot be undone: a scanner or a quick Enter keeps the order. */
export class CancelDialog extends ConfirmationDialog {
    static template = "linga_octopus.CancelDialog";
    static props = {
        ...ConfirmationDialog.props,
        /** ask for the reason: it is handed to `confirm` */
        asksReason: { type: Boolean, optional: true },
    };

    setup() {
        super.setup();
        useScanShield();
        onMounted(() => this.modalRef.el.querySelector(".keep").focus());
        // The manual: an order is cancelled when its goods are not available.
        this.state = useState({ reason: "inventory" });
        this.reasons = [
            ["inventory", _t("Out of stock")],
            ["customer", _t("The customer changed their mind")],
            ["fraud", _t("Fraud")],
            ["other", _t("Other")],
        ];
    }

    /** Override: hand over the reason. */
    async _confirm() {
        return this.execButton(() => this.props.confirm(this.state.reason));
    }

    /** Space and a click confirm. Enter does not: a barcode scanner sends it after each code. */
    onConfirmKeydown(event) {
        if (event.key === "Enter") {
            event.preventDefault();
        }
    }
}

/**
 * Ask why online orders are cancelled, and for confirmation.
 *
 * @param {Object} dialogService
 * @param {string[]} questions answer of `octopus.order.get_cancel_questions`
 * @returns {Promise<string|false>} the reason, a value of `cancel_reason`, when the user confirmed
 *     all questions
 */
export async function askCancel(dialogService, questions) {
    let reason = false;
    for (const [index, question] of questions.entries()) {
        const answer = await ask(dialogService, question, index === 0);
        if (!answer) {
            return false;
        }
        reason = index === 0 ? answer : reason;
    }
    return reason;
}

function ask(dialogService, question, asksReason) {
    return new Promise((resolve) => {
        dialogService.add(
            CancelDialog,
            {
                title: _t("Cancel Online Order"),
                body: question,
                asksReason,
                confirmLabel: _t("Cancel Order"),
                confirm: (reason) => resolve(reason),
                cancelLabel: _t("Keep Order"),
                cancel: () => resolve(false),
            },
            { onClose: () => resolve(false) }
        );
    });
}
