import { OnlineOrderTicket } from "@linga_octopus/pos/online_order_ticket";
import { detail, openScreen, order, page } from "@linga_octopus/../tests/unit/online_orders";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryFirst, waitFor } from "@odoo/hoot-dom";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupOpenPos } from "@linga_octopus/../tests/unit/open_pos";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

definePosModels();

test("the pane shows the order that was pressed last, whichever answer comes last", async () => {
    await setupOpenPos();
    const slow = new Deferred();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1), order(2)));
    onRpc("pos.config", "get_octopus_order", async ({ args }) => {
        if (args[1] === 1) {
            await slow;
        }
        return detail(args[1]);
    });
    const screen = await openScreen();
    const late = screen.open(order(1));
    await screen.open(order(2));
    slow.resolve();
    await late;
    expect(screen.state.detail.id).toBe(2);
});

test("a change reloads the order that was pressed last, even before it is shown", async () => {
    await setupOpenPos();
    const slow = new Deferred();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1), order(2)));
    let isFirst = true;
    onRpc("pos.config", "get_octopus_order", async ({ args }) => {
        if (isFirst) {
            isFirst = false;
            await slow;
        }
        return detail(args[1]);
    });
    const screen = await openScreen();
    screen.state.detail = detail(1);
    const late = screen.open(order(2));
    await screen.reload();
    expect(screen.state.detail.id).toBe(2);
    slow.resolve();
    await late;
});

test("an order that was closed is not opened again by a late answer", async () => {
    await setupOpenPos();
    const slow = new Deferred();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_order", async ({ args }) => {
        await slow;
        return detail(args[1]);
    });
    const screen = await openScreen();
    screen.state.detail = detail(1);
    const late = screen.open(order(1));
    screen.close();
    slow.resolve();
    await late;
    expect(screen.state.detail).toBe(null);
});

test("the options of a line are on the pane and on the packing slip", async () => {
    await setupOpenPos();
    const properties = "Engraving: Ada\nSize: 4";
    const ordered = { ...detail(1), lines: [{ id: 7, name: "Ring", quantity: "1", properties }] };
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_order", () => ordered);
    const screen = await openScreen();
    await screen.open(order(1));
    await animationFrame();
    expect(".online-order-line .text-prewrap bdi").toHaveText(properties);
    await mountWithCleanup(OnlineOrderTicket, { props: { order: ordered, when: "" } });
    expect(".pos-receipt .mb-2 .text-prewrap bdi").toHaveText(properties);
});

test("the variant of a line is on the pane and on the packing slip", async () => {
    await setupOpenPos();
    const lines = [
        { id: 7, name: "Shirt", variant: "Red / L", quantity: "1" },
        { id: 8, name: "Table", variant: "", quantity: "1" },
    ];
    const ordered = { ...detail(1), lines };
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_order", () => ordered);
    const screen = await openScreen();
    await screen.open(order(1));
    await animationFrame();
    expect(".online-order-line .fw-bolder bdi").toHaveText("Red / L");
    expect(".online-order-line .fw-bolder").toHaveCount(1);
    await mountWithCleanup(OnlineOrderTicket, { props: { order: ordered, when: "" } });
    expect(".pos-receipt .mb-2 div.fw-bolder > bdi:only-child").toHaveText("Red / L");
});

test.tags("desktop");
test("lines are aligned, with an image or without", async () => {
    await setupOpenPos();
    const line = { sku: "CHAIR", quantity: "1", subtotal: "$ 10.00" };
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_order", () => ({
        ...detail(1),
        lines: [
            { ...line, id: 1, name: "Chair", product_id: 7 },
            { ...line, id: 2, name: "Unknown", product_id: false },
        ],
    }));
    const screen = await openScreen();
    await screen.open(order(1));
    await animationFrame();
    const [known, unknown] = queryAll(".online-order-line bdi:not(.text-nowrap)");
    expect(unknown.getBoundingClientRect().left).toBe(known.getBoundingClientRect().left);
});

test("the packing slip warns in frames", async () => {
    await setupOpenPos();
    const props = (...warnings) => ({ when: "Mar 5", order: { ...detail(1), warnings } });
    await mountWithCleanup(OnlineOrderTicket, { props: props() });
    expect(".pos-receipt .warning").toHaveCount(0);
    await mountWithCleanup(OnlineOrderTicket, { props: props("TEST: do not pack", "UNPAID: ask") });
    expect(queryAllTexts(".pos-receipt:last .warning")).toEqual([
        "TEST: do not pack",
        "UNPAID: ask",
    ]);
    expect(".pos-receipt:last .warning:first").toHaveStyle({ borderTopStyle: "solid" });
});

test.tags("desktop");
test("on a page from right to left, Latin texts are aligned right, and amounts keep their direction", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_order", () => ({
        ...detail(1),
        phone: "+1 555 0100",
        address: "1 Main Street\nSpringfield",
        note: "Ring twice",
    }));
    const screen = await openScreen();
    await screen.open(order(1));
    await animationFrame();
    const pane = queryFirst(".online-order-detail");
    pane.dir = "rtl";
    expect(".online-order-detail bdi:contains($ 10.00)").toHaveAttribute("dir", "ltr");
    expect(".online-order bdi:contains($ 10.00)").toHaveAttribute("dir", "ltr");
    const rightOf = (text) => {
        const range = document.createRange();
        range.selectNodeContents(queryFirst(`bdi:contains(${text})`, { root: pane }));
        return range.getBoundingClientRect().right;
    };
    const right = rightOf("Main Street");
    // The note has a border, and the phone number stands in a button.
    expect(rightOf("Ring twice")).toBeWithin(right - 5, right + 5);
    expect(".phone bdi").toHaveAttribute("dir", "ltr");
});

test.tags("desktop");
test("the packing slips of ticked orders are printed together", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1), order(2), order(3)));
    onRpc("pos.config", "get_octopus_order", ({ args }) => detail(args[1]));
    const printed = [];
    patchWithCleanup(getService("printer"), {
        printWeb: (el) => Boolean(printed.push(el.innerText)),
    });
    await openScreen();
    for (const id of ["1001", "1003"]) {
        await contains(`.online-order[data-order='${id}'] .order-tick input`).click();
    }
    await contains(".print-selected").click();
    await animationFrame();
    expect(printed).toHaveLength(1);
    expect(printed[0]).toInclude("#1");
    expect(printed[0]).toInclude("#3");
    expect(printed[0]).not.toInclude("#2");
    expect(".selection-bar").toHaveCount(0);
});

test.tags("desktop");
test("what was printed, when and where, stands on the order", async () => {
    mockDate("2026-11-29 12:00:00", 0);
    await setupOpenPos();
    let printed = {};
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_order", () => ({ ...detail(1), ...printed }));
    onRpc("pos.config", "set_octopus_printed", ({ args }) => {
        expect.step(`printed ${args[1]}`);
        printed = { printed_at: "2026-11-29 08:41:00", printed_by: "Till 1" };
        return true;
    });
    patchWithCleanup(getService("printer"), { printWeb: () => expect.step("slip") || true });
    const screen = await openScreen();
    await screen.open(order(1));
    await animationFrame();
    expect(".print").toHaveText("Print");
    await contains(".print").click();
    await waitFor(".printed");
    expect(".printed").toHaveText(/^Printed 8:41.AM at Till 1$/);
    expect(".print").toHaveText("Print Again");
    expect.verifySteps(["slip", "printed 1"]);
});
