import { OnlineOrdersScreen } from "@linga_octopus/pos/online_orders_screen";
import { animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

export function order(id, values = {}) {
    return {
        id,
        third_party_name: "SHOPIFY",
        third_party_order_no: `#${id}`,
        aggregator_order_no: `${1000 + id}`,
        transaction_time: "2026-03-05 14:30:20",
        customer_name: "Ada Byron",
        check_total: "$ 10.00",
        status: "take_action",
        attention: "",
        warnings: [],
        ...values,
    };
}

export function detail(id) {
    return { ...order(id), lines: [], pieces: "0", amounts: [], changes: [], parcels: [] };
}

export function page(...orders) {
    return { orders, count: orders.length };
}

/** The screen with its first page of orders. */
export async function openScreen() {
    const screen = await mountWithCleanup(OnlineOrdersScreen);
    await animationFrame();
    return screen;
}
