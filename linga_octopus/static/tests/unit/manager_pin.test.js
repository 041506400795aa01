/* global Sha1 */

import { askManagerPin } from "@linga_octopus/pos/manager_pin";
import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupOpenPos } from "@linga_octopus/../tests/unit/open_pos";

definePosModels();

/** What cancelling asks of a cashier who types a PIN; undefined: the dialog is closed. */
function ask(pin, { cashier = { _role: "cashier" }, config = {} } = {}) {
    const employees = [
        { _role: "cashier", _pin: Sha1.hash("1111") },
        { _role: "manager", _pin: Sha1.hash("4711") },
        { _role: "manager", _pin: false },
    ];
    const pos = {
        config: { octopus_cancel_pin: true, module_pos_hr: true, ...config },
        cashier,
        models: { "hr.employee": employees },
    };
    const dialog = {
        add: (_popup, { getPayload }, { onClose }) => {
            expect.step("asked");
            pin ? getPayload(pin) : onClose();
        },
    };
    const notification = { add: (message) => expect.step(`${message}`) };
    return askManagerPin(pos, dialog, notification);
}

test("a cashier needs the PIN of a manager to cancel", async () => {
    await setupOpenPos(); // with the translations
    expect(await ask("4711")).toBe(true);
    expect.verifySteps(["asked"]);
    expect(await ask("1111")).toBe(false);
    expect.verifySteps(["asked", "No manager has this PIN. The order was not cancelled."]);
    expect(await ask()).toBe(false);
    expect.verifySteps(["asked"]);
});

test("a manager is not asked, nor anybody where no PIN is wanted", async () => {
    expect(await ask("", { cashier: { _role: "manager" } })).toBe(true);
    expect(await ask("", { config: { octopus_cancel_pin: false } })).toBe(true);
    expect(await ask("", { config: { module_pos_hr: false } })).toBe(true);
    expect.verifySteps([]);
});
