import { onMounted, onWillUnmount } from "@odoo/owl";

let handler = null;

/**
 * Give this component what a scanner reads, instead of the screen for sales.
 *
 * @param {(code: string) => any} onScanned
 */
export function useOrderScan(onScanned) {
    onMounted(() => (handler = onScanned));
    onWillUnmount(() => (handler = null));
}

export function orderScanHandler() {
    return handler;
}
