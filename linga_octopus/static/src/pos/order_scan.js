import { onMounted, onWillUnmount } from "@odoo/owl";

const handlers = [];

/**
 * Give this component what a scanner reads, instead of the screen for sales and of what is below
 * this component.
 *
 * @param {(code: string) => any} onScanned
 */
export function useOrderScan(onScanned) {
    onMounted(() => handlers.push(onScanned));
    onWillUnmount(() => handlers.splice(handlers.indexOf(onScanned), 1));
}

export function orderScanHandler() {
    return handlers.at(-1) || null;
}
