import { OnlineOrderTicket } from "@linga_octopus/pos/online_order_ticket";
import { ageText, dateText, isLate } from "@linga_octopus/pos/order_texts";
import { OnlineOrdersScreen } from "@linga_octopus/pos/online_orders_screen";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import { destroy, expect, test } from "@odoo/hoot";
import { press, queryAll, queryAllTexts, queryFirst, waitFor } from "@odoo/hoot-dom";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupOpenPos } from "@linga_octopus/../tests/unit/open_pos";
import { ConnectionLostError } from "@web/core/network/rpc";
import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchTranslations,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

definePosModels();

function order(id, values = {}) {
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

function detail(id) {
    return { ...order(id), lines: [], pieces: "0", amounts: [], changes: [], parcels: [] };
}

function page(...orders) {
    return { orders, count: orders.length };
}

/** The screen with its first page of orders. */
async function openScreen() {
    const screen = await mountWithCleanup(OnlineOrdersScreen);
    await animationFrame();
    return screen;
}

test.tags("desktop");
test("a cancelled order has no choice of statuses", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () =>
        page(order(1), order(2, { status: "cancelled" }))
    );
    await openScreen();
    expect(".online-order").toHaveCount(2);
    expect(".online-order[data-order='1001'] .o_octopus_order_status").toHaveCount(1);
    expect(".online-order[data-order='1002'] .o_octopus_order_status").toHaveCount(0);
});

test.tags("desktop");
test("the sound menu shows the volume of this Point of Sale", async () => {
    await setupOpenPos();
    const screen = await openScreen();
    for (const [label, icon, value] of [
        ["Quiet", "fa-volume-down", 0.3],
        ["Muted", "fa-volume-off", 0],
        ["Loud", "fa-volume-up", 1],
    ]) {
        await contains(".volume").click();
        await contains(`.o-dropdown--menu .dropdown-item:contains(${label})`).click();
        expect(screen.onlineOrders.volume).toBe(value);
        expect(`.volume .${icon}`).toHaveCount(1);
        await contains(".volume").click();
        expect(".o-dropdown--menu [aria-current=true]").toHaveText(label);
        await contains(".volume").click();
    }
});

test("the late answer to an earlier search does not replace a newer one", async () => {
    await setupOpenPos();
    const slow = new Deferred();
    onRpc("pos.config", "get_octopus_orders", async ({ args }) => {
        if (args[1] === "slow") {
            await slow;
            return page(order(1));
        }
        return page(order(2));
    });
    const screen = await openScreen();
    screen.state.text = "slow";
    const late = screen.load(0);
    screen.state.text = "quick";
    await screen.load(0);
    slow.resolve();
    await late;
    expect(screen.state.orders.map(({ id }) => id)).toEqual([2]);
    expect(screen.state.isLoading).toBe(false);
});

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

test("the screen opens at once, however slow the network is", async () => {
    await setupOpenPos();
    const slow = new Deferred();
    onRpc("pos.config", "get_octopus_orders", async () => {
        await slow;
        return page(order(1));
    });
    const opening = mountWithCleanup(OnlineOrdersScreen);
    await animationFrame();
    expect(".online-orders-screen .orders").toHaveText("Loading...");
    slow.resolve();
    await opening;
    await animationFrame();
    expect(".online-order").toHaveCount(1);
});

test("opened offline, the screen does not say that there are no orders", async () => {
    await setupOpenPos();
    patchWithCleanup(getService("octopus_online_orders"), {
        call: () => Promise.reject(new ConnectionLostError("/web")),
    });
    await openScreen();
    expect(queryAllTexts("[role=status]")[0]).toInclude("No connection");
    expect(".online-orders-screen .orders").toHaveText("");
});

test("an empty page is replaced by the last one", async () => {
    await setupOpenPos();
    let count = 41;
    onRpc("pos.config", "get_octopus_orders", ({ args }) => {
        const orders = Array.from({ length: count }, (_, index) => order(index + 1));
        return { orders: orders.slice(args[3], args[3] + args[4]), count };
    });
    const screen = await openScreen();
    await screen.nextPage();
    expect(screen.pageText).toBe("41-41 / 41");
    count = 40;
    await screen.reload();
    expect(screen.pageText).toBe("1-40 / 40");
    count = 0;
    screen.state.offset = 40;
    await screen.load(40);
    expect(screen.hasPrevious).toBe(false);
});

test("offline, the list stays and says so", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    const screen = await openScreen();
    patchWithCleanup(screen.onlineOrders, {
        call: () => Promise.reject(new ConnectionLostError("/web")),
    });
    await screen.load();
    await animationFrame();
    expect(".online-order").toHaveCount(1);
    expect(queryAllTexts("[role=status]")[0]).toInclude("No connection");
});

test("more orders than are counted are shown as 1000+", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => ({ orders: [order(1)], count: 1001 }));
    const screen = await openScreen();
    expect(screen.pageText).toBe("1-1 / 1000+");
});

test.tags("desktop");
test("arrow keys move the focus, Enter opens the focused row", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1), order(2)));
    onRpc("pos.config", "get_octopus_order", ({ args }) => {
        expect.step(`open ${args[1]}`);
        return detail(args[1]);
    });
    await openScreen();
    queryFirst(".online-order[data-order='1001']").focus();
    await press("ArrowUp");
    expect(".online-order[data-order='1001']").toBeFocused();
    await press("ArrowDown");
    expect(".online-order[data-order='1002']").toBeFocused();
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["open 2"]);
    expect(".online-order-detail").toHaveCount(1);
    await press("Escape");
    await animationFrame();
    expect(".online-order-detail").toHaveCount(0);
});

test.tags("desktop");
test("a kept order leaves the row as it was", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_cancel_questions", () => ["Cancel it?"]);
    onRpc("pos.config", "set_octopus_status", () => expect.step("set"));
    const screen = await openScreen();
    const asked = screen.setStatus(screen.state.orders[0], "cancelled");
    await animationFrame();
    await animationFrame();
    await contains(".modal button:contains(Keep Order)").click();
    await asked;
    expect.verifySteps([]);
    expect(screen.state.orders[0].status).toBe("take_action");
});

/** The screen with an order that is about to be cancelled, and the dialogs that ask about it. */
async function askToCancel(...questions) {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_cancel_questions", () => questions);
    onRpc("pos.config", "set_octopus_status", ({ args }) => {
        expect.step(args.slice(2).join(" after "));
        return order(1, { status: "cancelled" });
    });
    const screen = await openScreen();
    const asked = screen.setStatus(screen.state.orders[0], "cancelled");
    await animationFrame();
    await animationFrame();
    return asked;
}

test.tags("desktop");
test("a scanner cancels nothing and does not even close the question", async () => {
    askToCancel("Cancel it?");
    await waitFor(".modal .keep:focus");
    await press([..."4006381333931"]);
    await press("Enter");
    expect(".modal .keep").toBeFocused();
    expect.verifySteps([]);
});

test.tags("desktop");
test("Enter on the question keeps the order, even on the other button", async () => {
    askToCancel("Cancel it?");
    await waitFor(".modal .keep:focus");
    await press("Tab");
    expect(".modal .confirm").toBeFocused();
    await press("Enter");
    await press("Control+Enter");
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect.verifySteps([]);
});

test.tags("desktop");
test("an order whose goods were handed over is cancelled after a second question", async () => {
    askToCancel("Cancel it?", "The goods were handed over.");
    await waitFor(".modal .confirm");
    // Out of stock is the reason of the manual.
    expect(".cancel-reasons input[value=inventory]").toBeChecked();
    await contains(".cancel-reasons input[value=customer]").click();
    await contains(".modal .confirm").click();
    await waitFor(".modal:contains(handed over)");
    expect(".cancel-reasons").toHaveCount(0);
    expect.verifySteps([]);
    await contains(".modal .confirm").click();
    await waitFor(".online-order [data-status=cancelled]");
    expect.verifySteps(["cancelled after take_action after customer"]);
});

test.tags("desktop");
test("what somebody else did meanwhile is said in a bar and shown", async () => {
    await setupOpenPos();
    let status = "take_action";
    onRpc("pos.config", "get_octopus_orders", () => page(order(1, { status })));
    onRpc("pos.config", "set_octopus_status", () => {
        status = "completed";
        throw makeServerError({ message: "Completed meanwhile by Grace at 9:10 PM." });
    });
    const screen = await openScreen();
    await screen.setStatus(screen.state.orders[0], "completed");
    await animationFrame();
    expect(".o_notification").toHaveText(/Completed meanwhile by Grace/);
    expect(".modal").toHaveCount(0);
    expect(".online-order [data-status=completed]").toHaveCount(1);
    // A lock replaces the screen.
    destroy(screen);
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
});

test("a locked Point of Sale shows no order, even when its address is opened", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => expect.step("orders"));
    const onlineOrders = getService("octopus_online_orders");
    onlineOrders.pos.resetCashier();
    patchWithCleanup(onlineOrders.pos.router.state, { current: "OnlineOrdersScreen" });
    await openScreen();
    expect.verifySteps([]);
    expect(onlineOrders.pos.router.state.current).toBe("LoginScreen");
    expect(onlineOrders.isWanted).toBe(true);
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

test("a warning is shown in full", async () => {
    await setupOpenPos();
    const attention = "Product not mapped: ask a manager to map it in the back office.";
    onRpc("pos.config", "get_octopus_orders", () => page(order(1, { attention })));
    await openScreen();
    expect(".online-order .text-danger").toHaveText(attention);
    expect(".online-order .text-truncate.text-danger").toHaveCount(0);
});

test.tags("desktop");
test("beside an open order, rows show a warning as an icon only", async () => {
    await setupOpenPos();
    const attention = "Product not mapped: ask a manager to map it in the back office.";
    onRpc("pos.config", "get_octopus_orders", () => page(order(1, { attention }), order(2)));
    onRpc("pos.config", "get_octopus_order", () => detail(2));
    const screen = await openScreen();
    expect(".orders thead .has-room").toHaveCount(1);
    await screen.open(order(2));
    await animationFrame();
    expect(".orders thead .has-room").toHaveCount(0);
    expect(".online-order[data-order='1001']").not.toHaveText(/Product not mapped/);
    for (const attribute of ["title", "aria-label"]) {
        expect(".online-order .fa-exclamation-triangle").toHaveAttribute(attribute, attention);
    }
});

test("dates of another year include the year", () => {
    mockDate("2026-11-24 12:00:00", 0);
    expect(dateText({ transaction_time: "2026-03-05 14:30:20" })).toBe("Mar 5");
    expect(dateText({ transaction_time: "2025-03-05 14:30:20" })).toBe("Mar 5, 2025");
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
test("the status menu has a translated name", async () => {
    await setupOpenPos();
    patchTranslations({ linga_octopus: { "%s, change the status": "%s, changer le statut" } });
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    await openScreen();
    expect(".online-order .o_octopus_order_status button").toHaveAttribute(
        "aria-label",
        "Take Action, changer le statut"
    );
});

test.tags("desktop");
test("rows belong to a grid", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    await openScreen();
    expect("[role=grid] .online-order").toHaveCount(1);
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
test("Complete shows the next open order, says so, and can be undone", async () => {
    await setupOpenPos();
    const statuses = { 1: "take_action", 2: "completed", 3: "take_action" };
    onRpc("pos.config", "get_octopus_orders", () =>
        page(...[1, 2, 3].map((id) => order(id, { status: statuses[id] })))
    );
    onRpc("pos.config", "get_octopus_order", ({ args }) => ({
        ...detail(args[1]),
        status: statuses[args[1]],
    }));
    onRpc("pos.config", "set_octopus_status", ({ args }) => {
        expect.step(args.slice(1).join(" "));
        statuses[args[1]] = args[2];
        return order(args[1], { status: args[2] });
    });
    const screen = await openScreen();
    await screen.open(order(1));
    await animationFrame();
    await contains(".complete").click();
    await waitFor(".online-order-detail:contains(#3)");
    // A second tap at the same place is none on the next order.
    await contains(".complete").click();
    expect.verifySteps(["1 completed take_action"]);
    expect(".o_notification").toHaveText(/SHOPIFY #1 is completed/);
    await contains(".o_notification button:contains(Undo)").click();
    await animationFrame();
    expect.verifySteps(["1 take_action completed"]);
});

test.tags("desktop");
test("the list opens with the open orders, and remembers another tab", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", ({ args }) => {
        expect.step(`${args[1]}/${args[2]}`);
        return { ...page(order(1)), counts: { take_action: 12, completed: 0, cancelled: 1 } };
    });
    const screen = await openScreen();
    expect(queryAllTexts(".status-tabs button")).toEqual([
        "Open Orders12",
        "Completed",
        "Cancelled1",
        "All",
    ]);
    await contains(".status-tabs button:contains(Completed)").click();
    // A search looks for orders of every status.
    screen.state.text = "1205";
    await screen.load(0);
    await animationFrame();
    expect(".status-tabs [aria-pressed=true]").toHaveText("All");
    await contains(".clear-search").click();
    destroy(screen);
    await openScreen();
    expect.verifySteps(["/take_action", "/completed", "1205/", "/completed", "/completed"]);
});

test("an open order says how long it waits, and when it is late", async () => {
    mockDate("2026-03-05 15:00:20", 0);
    await setupOpenPos();
    const now = Date.now();
    const placed = (transaction_time, status = "take_action") =>
        order(1, { transaction_time, status });
    expect(`${ageText(placed("2026-03-05 14:48:20"), now)}`).toBe("12 min");
    expect(`${ageText(placed("2026-03-05 12:00:20"), now)}`).toBe("3 h");
    expect(`${ageText(placed("2026-03-03 14:00:20"), now)}`).toBe("2 d");
    expect(ageText(placed("2026-03-05 14:00:00", "completed"), now)).toBe("");
    expect(isLate(placed("2026-03-05 14:31:20"), now, 30)).toBe(false);
    expect(isLate(placed("2026-03-05 14:30:20"), now, 30)).toBe(true);
    expect(isLate(placed("2026-03-05 14:30:20"), now, 0)).toBe(false);
});

test.tags("desktop");
test("orders that came while the list was open are highlighted until they are opened", async () => {
    await setupOpenPos();
    const orders = [order(1)];
    onRpc("pos.config", "get_octopus_orders", () => page(...orders));
    onRpc("pos.config", "get_octopus_order", ({ args }) => detail(args[1]));
    const screen = await openScreen();
    screen.highestId = 1;
    orders.unshift(order(2));
    await screen.load();
    await animationFrame();
    expect(queryAll(".new-order").map((row) => row.dataset.order)).toEqual(["1002"]);
    await screen.open(order(2));
    await animationFrame();
    expect(".new-order").toHaveCount(0);
});

test.tags("desktop");
test("filters narrow the list, are remembered, and are cleared", async () => {
    mockDate("2026-11-29 12:00:00", 0);
    await setupOpenPos();
    const choices = {
        channel_id: [
            [4, "Shopify"],
            [5, "Amazon"],
        ],
        fulfillment: [["pickup", "Pickup"]],
        problem: [["unpaid", "Not Paid"]],
    };
    onRpc("pos.config", "get_octopus_orders", ({ args }) => {
        const { channel_id, day } = args[5];
        expect.step(`${channel_id} ${day}`);
        return { ...page(), choices };
    });
    const screen = await openScreen();
    expect(".order-filters").toHaveCount(0);
    await contains(".filters").click();
    await contains("select[name=channel_id]").select("5");
    await contains("select[name=day]").select("yesterday");
    expect(".orders").toHaveText(/No online order matches these filters/);
    destroy(screen);
    await openScreen();
    await animationFrame();
    expect("select[name=channel_id]").toHaveValue("5");
    await contains(".clear-filters").click();
    expect.verifySteps([
        "undefined undefined",
        "5 undefined",
        "5 2026-11-28",
        "5 2026-11-28",
        "undefined undefined",
    ]);
});

test.tags("desktop");
test("ticked orders are completed; what fails stays ticked and says why", async () => {
    await setupOpenPos();
    const statuses = { 1: "take_action", 2: "take_action", 3: "take_action" };
    onRpc("pos.config", "get_octopus_orders", () =>
        page(...[1, 2, 3].map((id) => order(id, { status: statuses[id] })))
    );
    onRpc("pos.config", "set_octopus_status", ({ args }) => {
        expect.step(args.slice(1).join(" "));
        if (args[1] === 2 && args[2] === "completed") {
            throw makeServerError({ message: "Cancelled meanwhile by Grace." });
        }
        statuses[args[1]] = args[2];
        return order(args[1], { status: args[2] });
    });
    await openScreen();
    expect(".selection-bar").toHaveCount(0);
    for (const id of ["1001", "1002"]) {
        await contains(`.online-order[data-order='${id}'] .order-tick input`).click();
    }
    expect(".online-order-detail").toHaveCount(0);
    expect(".selection-bar [role=status]").toHaveText("2 orders selected");
    await contains(".complete-selected").click();
    await animationFrame();
    expect.verifySteps(["1 completed take_action", "2 completed take_action"]);
    expect(".selection-bar [role=alert]").toHaveText("SHOPIFY #2: Cancelled meanwhile by Grace.");
    expect(".online-order input:checked").toHaveCount(1);
    await contains(".o_notification button:contains(Undo)").click();
    await animationFrame();
    expect.verifySteps(["1 take_action completed"]);
    await contains(".clear-selection").click();
    expect(".selection-bar").toHaveCount(0);
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
test("a bar says since when Octopus is disconnected", async () => {
    mockDate("2026-11-29 12:00:00", 0);
    await setupOpenPos();
    const screen = await openScreen();
    expect(".disconnected").toHaveCount(0);
    screen.onlineOrders.disconnectedSince = "2026-11-29 09:10:00";
    await animationFrame();
    expect(".disconnected").toHaveText(/^Octopus disconnected since 9:10.AM/);
    screen.onlineOrders.disconnectedSince = "2026-11-28 09:10:00";
    await animationFrame();
    expect(".disconnected").toHaveText(/^Octopus disconnected since Nov 28 9:10.AM/);
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
