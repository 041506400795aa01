import { OnlineOrderTicket } from "@linga_octopus/pos/online_order_ticket";
import { orderScanHandler } from "@linga_octopus/pos/order_scan";
import { OnlineOrdersScreen } from "@linga_octopus/pos/online_orders_screen";
import { animationFrame } from "@odoo/hoot-mock";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupOpenPos } from "@linga_octopus/../tests/unit/open_pos";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

definePosModels();

const CHAIR = { id: 1, name: "Chair", product_id: 7, quantity: "2", to_pack: 2, codes: ["C1"] };
const TABLE = { id: 2, name: "Table", product_id: 8, quantity: "1", to_pack: 1, codes: ["T1"] };

function order(lines, values = {}) {
    return {
        id: 5,
        third_party_name: "Shopify",
        third_party_order_no: "#5",
        aggregator_order_no: "1005",
        transaction_time: "2026-03-05 14:30:20",
        status: "take_action",
        attention: "",
        pieces: "3",
        amounts: [],
        changes: [],
        parcels: [],
        warnings: [],
        lines,
        ...values,
    };
}

/** The screen with an open order, which the server changes when `shown` does. */
async function openOrder(shown) {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => ({ orders: [shown.order], count: 1 }));
    onRpc("pos.config", "get_octopus_order", () => shown.order);
    const screen = await mountWithCleanup(OnlineOrdersScreen);
    await animationFrame();
    await screen.open(shown.order);
    await animationFrame();
    return screen;
}

test.tags("desktop");
test("lines are ticked off, which this device remembers until the order changes", async () => {
    const shown = { order: order([CHAIR, TABLE]) };
    const screen = await openOrder(shown);
    expect(".pieces").toHaveText("3 pieces");
    await contains(".online-order-line:first input").click();
    expect(".pieces").toHaveText("2 of 3 pieces packed");
    screen.close();
    await screen.open(shown.order);
    await animationFrame();
    expect(".online-order-line input:checked").toHaveCount(1);
    await contains(".online-order-line:last input").click();
    expect(".pieces").toHaveClass("text-bg-success");

    shown.order = order([{ ...CHAIR, to_pack: 1 }, TABLE], { pieces: "2" });
    await screen.reload();
    await animationFrame();
    expect(".online-order-line input:checked").toHaveCount(0);
    expect(".pieces").toHaveText("2 pieces");
});

test.tags("desktop");
test("a scanner ticks off goods piece by piece, and a wrong one is said", async () => {
    onRpc("pos.config", "find_octopus_order", ({ args }) => {
        expect.step(`find ${args[1]}`);
        return false;
    });
    await openOrder({ order: order([CHAIR, TABLE]) });
    const scan = async (code) => {
        await orderScanHandler()(code);
        await animationFrame();
    };
    await scan("C1");
    expect(".line-packed").toHaveText("Packed: 1 / 2");
    await scan("C1");
    expect(".line-packed").toHaveCount(0);
    expect(".online-order-line input:checked").toHaveCount(1);
    await scan("4006381333931");
    expect(queryAllTexts(".o_notification_content")).toEqual([
        "4006381333931 is not in this order.",
    ]);
    // One more than was ordered is wrong as well.
    await scan("C1");
    expect(queryAllTexts(".o_notification_content").at(-1)).toBe(
        "All pieces of Chair are packed already."
    );
    expect.verifySteps(["find 4006381333931"]);
});

test.tags("desktop");
test("the number on a packing slip opens its order", async () => {
    onRpc("pos.config", "find_octopus_order", ({ args }) => args[1] === "1005" && 5);
    const screen = await openOrder({ order: order([CHAIR]) });
    screen.close();
    await animationFrame();
    await orderScanHandler()("1005");
    await animationFrame();
    expect(".online-order-detail").toHaveText(/#5/);
    screen.close();
    await orderScanHandler()("999");
    await animationFrame();
    expect(".o_notification_content").toHaveText("No online order has the number 999.");
});

test.tags("desktop");
test("a product is sold out today, and sold again", async () => {
    const chair = { ...CHAIR, can_sell_out: true };
    const shown = { order: order([chair]) };
    onRpc("pos.config", "set_octopus_sold_out", ({ args }) => {
        expect.step(args.slice(1).join(" "));
        return order([{ ...chair, is_sold_out: args[3] }]);
    });
    await openOrder(shown);
    await contains(".line-menu").click();
    await contains(".dropdown-item:contains(Sold Out Today)").click();
    await animationFrame();
    expect(".sold-out").toHaveCount(1);
    await contains(".line-menu").click();
    await contains(".dropdown-item:contains(Sell Again)").click();
    await animationFrame();
    expect(".sold-out").toHaveCount(0);
    expect.verifySteps(["5 1 true", "5 1 false"]);
});

test("shelf and stock stand on the line, note and contact above, the barcode on the slip", async () => {
    const values = { note: "Ring twice", phone: "+1 555 0100", email: "ada@example.com" };
    const barcode = "data:image/png;base64,iVBORw0KGgo=";
    const ordered = order([{ ...CHAIR, shelf: "Shelf 2", on_hand: "5" }], {
        ...values,
        barcode,
        barcode_text: "1005",
    });
    await openOrder({ order: ordered });
    expect(".line-stock").toHaveText("Shelf 2 · 5 in stock");
    expect("a.phone").toHaveAttribute("href", "tel:+1 555 0100");
    expect("a.email").toHaveAttribute("href", "mailto:ada@example.com");
    expect(".online-order-detail .overflow-auto > :first-child").toHaveText("Ring twice");
    await mountWithCleanup(OnlineOrderTicket, { props: { order: ordered, when: "" } });
    expect(".pos-receipt img").toHaveAttribute("alt", "1005");
    expect(".pos-receipt .pieces").toHaveText("Pieces: 3");
});
