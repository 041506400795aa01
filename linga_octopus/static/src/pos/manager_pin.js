/* global Sha1 */

import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { _t } from "@web/core/l10n/translation";

/**
 * Ask for the PIN of a manager, where this Point of Sale wants one before an order is cancelled
 * and its employees log in (`pos_hr`). A manager who is logged in is not asked.
 *
 * @returns {Promise<boolean>} whether the order may be cancelled
 */
export async function askManagerPin(pos, dialog, notification) {
    const { octopus_cancel_pin: isWanted, module_pos_hr: hasEmployees } = pos.config;
    if (!isWanted || !hasEmployees || pos.cashier?._role === "manager") {
        return true;
    }
    const pin = await makeAwaitable(dialog, NumberPopup, {
        title: _t("PIN of a manager"),
        formatDisplayedValue: (digits) => digits.replace(/./g, "•"),
    });
    if (!pin) {
        return false;
    }
    const isManager = pos.models["hr.employee"].some(
        (employee) => employee._role === "manager" && employee._pin === Sha1.hash(pin)
    );
    if (!isManager) {
        notification.add(_t("No manager has this PIN. The order was not cancelled."), {
            type: "warning",
        });
    }
    return isManager;
}
