import { onWillDestroy, useExternalListener } from "@odoo/owl";

// A slow scanner needs this long from a character to the key that ends the code.
const SCAN_END_MS = 1000;
const END_KEYS = ["Enter", "Tab", " "];

let openDialogs = 0;

/** True while a dialog of this addon is open, for scanners that are no keyboard. */
export function isScanShielded() {
    return openDialogs > 0;
}

/** Keep barcode scans from a dialog without input fields, and from the screen behind it. */
export function useScanShield() {
    let lastTyped = -SCAN_END_MS;
    openDialogs++;
    onWillDestroy(() => openDialogs--);
    useExternalListener(
        window,
        "keydown",
        (event) => {
            if (event.ctrlKey || event.altKey || event.metaKey) {
                return;
            }
            const isEnd = END_KEYS.includes(event.key);
            const isTyped = !isEnd && event.key?.length === 1;
            if (isTyped) {
                lastTyped = event.timeStamp;
            }
            if (isTyped || (isEnd && event.timeStamp - lastTyped < SCAN_END_MS)) {
                event.preventDefault();
                event.stopImmediatePropagation();
            }
        },
        { capture: true }
    );
}
