import { setupOpenPos } from "@linga_octopus/../tests/unit/open_pos";
import { OnlineOrdersScreen } from "@linga_octopus/pos/online_orders_screen";
import { orderScanHandler } from "@linga_octopus/pos/order_scan";
import { expect, test } from "@odoo/hoot";
import { press, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

definePosModels();

function detail(values) {
    return {
        id: 1,
        third_party_name: "SHOPIFY",
        third_party_order_no: "#1",
        aggregator_order_no: "1001",
        transaction_time: "2026-03-05 14:30:20",
        customer_name: "Ada Byron",
        check_total: "$ 10.00",
        status: "take_action",
        attention: "",
        warnings: [],
        lines: [],
        pieces: "0",
        amounts: [],
        changes: [],
        parcels: [],
        can_ship: true,
        ...values,
    };
}

const SHIPPING = {
    lines: [{ id: 7, name: "Chair", left: 3 }],
    carriers: ["DHL"],
    carrier: "DHL",
    handed_to: "Ada Byron",
};

async function openOrder(values) {
    await setupOpenPos();
    let current = detail(values);
    const become = (more) => (current = { ...current, ...more });
    onRpc("pos.config", "get_octopus_orders", () => ({ orders: [current], count: 1 }));
    onRpc("pos.config", "get_octopus_order", () => current);
    onRpc("pos.config", "get_octopus_shipping", () => SHIPPING);
    onRpc("pos.config", "ship_octopus_order", ({ args }) => {
        expect.step(args[2]);
        return become({ can_ship: false, parcels: ["DHL A1"] });
    });
    onRpc("pos.config", "set_octopus_ready", ({ args }) => {
        expect.step(args[2]);
        return become({ is_ready: args[2], ready_at: "2026-03-05 15:00:00" });
    });
    const screen = await mountWithCleanup(OnlineOrdersScreen);
    await screen.open({ id: 1 });
    await animationFrame();
    return screen;
}

test.tags("desktop");
test("numbers that are scanned are added, and do not ship", async () => {
    await openOrder({ is_pickup: false });
    expect(".hand-over").toHaveCount(0);
    await contains(".ship").click();
    await contains(".modal .tracking-number").edit("A1", { confirm: false });
    press("Enter");
    // Before anything is drawn anew: a scanner is quicker.
    expect(".modal .tracking-number").toHaveValue("");
    await animationFrame();
    await orderScanHandler()("A2 A1"); // of a scanner that is no keyboard
    await animationFrame();
    expect(".modal .numbers button").toHaveCount(2);
    expect.verifySteps([]);
    await contains(".modal .pieces").edit("5", { confirm: "blur" });
    await contains(".modal .confirm").click();
    await waitFor(".parcels");
    expect.verifySteps([
        { kind: "parcel", carrier: "DHL", numbers: ["A1", "A2"], pieces: { 7: 3 } },
    ]);
    expect(".parcels").toHaveText("DHL A1");
    expect(".ship").toHaveCount(0);
});

test.tags("desktop");
test("a pickup is made ready, and handed over by name", async () => {
    const screen = await openOrder({ is_pickup: true, pickup_code: "K7M4QD" });
    expect(".pickup-code").toHaveText("Code K7M4QD");
    expect(".online-order-detail .ship").toHaveCount(0);
    await contains(".make-ready").click();
    await waitFor(".ready");
    expect(".ready").toHaveCount(1);
    expect(".make-ready").toHaveCount(0);
    await contains(".hand-over").click();
    expect(".modal .handed-to").toHaveValue("Ada Byron");
    await contains(".modal .handed-to").edit("Her brother", { confirm: false });
    await contains(".modal .confirm").click();
    await waitFor(".parcels");
    expect.verifySteps([true, { kind: "counter", handed_to: "Her brother", pieces: { 7: 3 } }]);
    expect(orderScanHandler()).not.toBe(null);
    expect(screen.state.detail.can_ship).toBe(false);
});
