import { ageText, dateText, isLate } from "@linga_octopus/pos/order_texts";
import { detail, openScreen, order, page } from "@linga_octopus/../tests/unit/online_orders";
import { OnlineOrdersScreen } from "@linga_octopus/pos/online_orders_screen";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import { destroy, expect, test } from "@odoo/hoot";
import { press, queryAll, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupOpenPos } from "@linga_octopus/../tests/unit/open_pos";
import { ConnectionLostError } from "@web/core/network/rpc";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

definePosModels();

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
test("rows belong to a grid", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    await openScreen();
    expect("[role=grid] .online-order").toHaveCount(1);
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
