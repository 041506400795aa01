import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";

/**
 * Ask for confirmation before online orders are cancelled.
 *
 * @param {Object} dialogService
 * @param {string} question answer of `octopus.order.get_cancel_question`
 * @returns {Promise<boolean>} true when the user confirmed
 */
export function askCancel(dialogService, question) {
    return new Promise((resolve) => {
        dialogService.add(
            ConfirmationDialog,
            {
                title: _t("Cancel Online Order"),
                body: question,
                confirmLabel: _t("Cancel Order"),
                confirmClass: "btn-danger",
                confirm: () => resolve(true),
                cancelLabel: _t("Keep Order"),
                cancel: () => resolve(false),
            },
            { onClose: () => resolve(false) }
        );
    });
}
