import { useScanShield } from "@linga_octopus/common/scan_shield";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";

/** The question before something that cannot be undone: a scanner or a quick Enter keeps the order. */
export class CancelDialog extends ConfirmationDialog {
    static template = "linga_octopus.CancelDialog";

    setup() {
        super.setup();
        useScanShield();
    }

    /** Space and a click confirm. Enter does not: a barcode scanner sends it after each code. */
    onConfirmKeydown(event) {
        if (event.key === "Enter") {
            event.preventDefault();
        }
    }
}

/**
 * Ask for confirmation before online orders are cancelled.
 *
 * @param {Object} dialogService
 * @param {string[]} questions answer of `octopus.order.get_cancel_questions`
 * @returns {Promise<boolean>} true when the user confirmed all of them
 */
export async function askCancel(dialogService, questions) {
    for (const question of questions) {
        if (!(await ask(dialogService, question))) {
            return false;
        }
    }
    return true;
}

function ask(dialogService, question) {
    return new Promise((resolve) => {
        dialogService.add(
            CancelDialog,
            {
                title: _t("Cancel Online Order"),
                body: question,
                confirmLabel: _t("Cancel Order"),
                confirm: () => resolve(true),
                cancelLabel: _t("Keep Order"),
                cancel: () => resolve(false),
            },
            { onClose: () => resolve(false) }
        );
    });
}
