import { startBusService } from "@bus/../tests/bus_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { waitUntil } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupOpenPos } from "@linga_octopus/../tests/unit/open_pos";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import {
    getService,
    makeServerError,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

definePosModels();

const QUIET = {
    is_linked: true,
    to_act: 4,
    unseen: 0,
    latest_id: 10,
    seen_id: 10,
    late_minutes: 30,
    newest: false,
};
const NEWEST = {
    id: 11,
    title: "SHOPIFY #11",
    customer: "Ada Byron",
    total: "$ 10.00",
    pieces: "3",
};
const NEW = { ...QUIET, to_act: 5, unseen: 1, latest_id: 11, newest: NEWEST };
const NAMED = "New online order: SHOPIFY #11 · Ada Byron · $ 10.00 · 3 pieces";

let summary;

/** The service of online orders; sounds and alerts become steps of the test. */
async function setupOnlineOrders() {
    await setupOpenPos();
    const onlineOrders = getService("octopus_online_orders");
    patchWithCleanup(onlineOrders.sound, {
        play: (name, { volume }) => expect.step(`${name} ${volume}`),
    });
    patchWithCleanup(onlineOrders.notification, {
        add: (message) => {
            expect.step(`${message}`);
            return () => expect.step("alert closed");
        },
    });
    await onlineOrders.refresh();
    return onlineOrders;
}

beforeEach(() => {
    browser.localStorage.clear();
    summary = QUIET;
    onRpc("pos.config", "get_octopus_summary", () => summary);
    onRpc("pos.config", "set_octopus_seen", ({ args }) => {
        expect.step(`seen ${args[1]}`);
        return true;
    });
});

test("the sound is played once for a new order, not at the next refresh", async () => {
    const onlineOrders = await setupOnlineOrders();
    expect.verifySteps([]);
    summary = NEW;
    await onlineOrders.refresh();
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1", NAMED]);
    expect(onlineOrders.openCount).toBe(5);
});

test("a second order plays the sound again and replaces the alert", async () => {
    const onlineOrders = await setupOnlineOrders();
    summary = NEW;
    await onlineOrders.refresh();
    summary = { ...NEW, to_act: 6, unseen: 2, latest_id: 12 };
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1", NAMED, "bell 1", "alert closed", "2 new online orders"]);
});

test("opening the list at another Point of Sale closes the alert here", async () => {
    const onlineOrders = await setupOnlineOrders();
    summary = NEW;
    await onlineOrders.refresh();
    summary = { ...NEW, unseen: 0 };
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1", NAMED, "alert closed"]);
});

test("the sound is repeated until the list is opened", async () => {
    const onlineOrders = await setupOnlineOrders();
    summary = NEW;
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1", NAMED]);
    await advanceTime(20000);
    expect.verifySteps(["bell 1"]);
    summary = { ...NEW, unseen: 0 };
    await onlineOrders.refresh();
    expect.verifySteps(["alert closed"]);
    await advanceTime(60000);
    expect.verifySteps([]);
});

test("orders that arrived while the Point of Sale was closed are summed up when it opens", async () => {
    const onlineOrders = await setupOnlineOrders();
    onlineOrders.isFirstLook = true;
    summary = { ...NEW, unseen: 3 };
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1", "3 online orders arrived while this point of sale was closed"]);
    summary = { ...NEW, unseen: 4, latest_id: 12 };
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1", "alert closed", "4 new online orders"]);
});

test("a tab that wakes up and a network that is back refresh", async () => {
    const onlineOrders = await setupOnlineOrders();
    for (const [target, event] of [
        [document, "visibilitychange"],
        [window, "online"],
    ]) {
        const { revision } = onlineOrders;
        target.dispatchEvent(new Event(event));
        await advanceTime(1000);
        await animationFrame();
        expect(onlineOrders.revision).toBe(revision + 1, { message: event });
    }
});

test("many signs of a change at once make one request", async () => {
    const onlineOrders = await setupOnlineOrders();
    const { revision } = onlineOrders;
    for (let count = 0; count < 5; count++) {
        browser.dispatchEvent(new Event("online"));
    }
    await advanceTime(1000);
    await animationFrame();
    expect(onlineOrders.revision).toBe(revision + 1);
});

test("the late answer to an earlier request is dropped", async () => {
    const onlineOrders = await setupOnlineOrders();
    const answers = [new Deferred(), NEW, NEW];
    const [slow] = answers;
    onRpc("pos.config", "get_octopus_summary", () => answers.shift());
    const late = onlineOrders.refresh();
    await onlineOrders.refresh();
    slow.resolve(QUIET);
    await late;
    expect([onlineOrders.unseen, onlineOrders.latestId]).toEqual([1, 11]);
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1", NAMED]);
});

test("with a websocket the summary is still polled, for messages that got lost", async () => {
    const onlineOrders = await setupOnlineOrders();
    await startBusService();
    await waitUntil(() => onlineOrders.bus.workerState === "CONNECTED");
    await advanceTime(1000);
    const { revision } = onlineOrders;
    await advanceTime(61000);
    await animationFrame();
    expect(onlineOrders.revision).toBeGreaterThan(revision);
});

test("without a websocket the summary is polled often", async () => {
    const onlineOrders = await setupOnlineOrders();
    patchWithCleanup(onlineOrders.bus, { workerState: "DISCONNECTED" });
    const { revision } = onlineOrders;
    await advanceTime(16000);
    expect(onlineOrders.revision).toBeGreaterThan(revision);
});

test("opening the list tells the server which orders were seen", async () => {
    const onlineOrders = await setupOnlineOrders();
    summary = NEW;
    await onlineOrders.refresh();
    await onlineOrders.markSeen();
    expect.verifySteps(["bell 1", NAMED, "alert closed", "seen 11"]);
});

test("a muted Point of Sale shows the alert without a sound, even after a reload", async () => {
    const onlineOrders = await setupOnlineOrders();
    onlineOrders.setVolume(0);
    expect(onlineOrders.storedVolume()).toBe(0);
    summary = NEW;
    await onlineOrders.refresh();
    expect.verifySteps([NAMED]);
});

test("offline, the last summary stays, and nothing breaks", async () => {
    const onlineOrders = await setupOnlineOrders();
    patchWithCleanup(onlineOrders, {
        call: () => Promise.reject(new ConnectionLostError("/web")),
    });
    await onlineOrders.refresh();
    expect(onlineOrders.openCount).toBe(4);
});

test("what was seen offline reaches the server as soon as there is a network", async () => {
    const onlineOrders = await setupOnlineOrders();
    summary = NEW;
    await onlineOrders.refresh();
    const restore = patchWithCleanup(onlineOrders, {
        call: () => Promise.reject(new ConnectionLostError("/web")),
    });
    patchWithCleanup(onlineOrders.pos.router.state, { current: "OnlineOrdersScreen" });
    await onlineOrders.markSeen();
    expect.verifySteps(["bell 1", NAMED, "alert closed"]);
    restore();
    await onlineOrders.refresh();
    expect.verifySteps(["seen 11"]);
});

test("more orders than are counted are shown as 1000+", async () => {
    const onlineOrders = await setupOnlineOrders();
    summary = { ...NEW, to_act: 1001, unseen: 1001 };
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1", "1000+ new online orders"]);
    expect(onlineOrders.openCountText).toBe("1000+");
});

/** The buttons of the last bar that the service added. */
function watchBars(onlineOrders) {
    const bars = [];
    patchWithCleanup(onlineOrders.notification, {
        add: (message, { buttons, onClose }) => {
            const bar = { message: `${message}`, buttons: buttons.map(({ name }) => name) };
            bars.push(bar);
            return () => {
                onClose?.();
                bars.splice(bars.indexOf(bar), 1);
            };
        },
    });
    return bars;
}

function failWith(exceptionName) {
    onRpc("pos.config", "get_octopus_summary", () => {
        throw makeServerError({ errorName: exceptionName, message: "Traceback" });
    });
}

test("while the Point of Sale is locked the alert has no button", async () => {
    const onlineOrders = await setupOnlineOrders();
    const bars = watchBars(onlineOrders);
    patchWithCleanup(onlineOrders.pos, { navigate: (screen) => expect.step(screen) });
    summary = NEW;
    await onlineOrders.refresh();
    await animationFrame();
    const named = [{ message: NAMED, buttons: ["Open", "Snooze"] }];
    expect(bars).toEqual(named);
    onlineOrders.pos.resetCashier();
    await animationFrame();
    expect(bars).toEqual([{ message: "1 new online order", buttons: [] }]);
    onlineOrders.openScreen();
    expect.verifySteps(["bell 1"]);
    onlineOrders.pos.setCashier(onlineOrders.pos.user);
    await animationFrame();
    expect(bars).toEqual(named);
    expect.verifySteps(["OnlineOrdersScreen"]);
});

test("a session that expired is one bar, however often the server is asked", async () => {
    const onlineOrders = await setupOnlineOrders();
    const bars = watchBars(onlineOrders);
    failWith("odoo.http.SessionExpiredException");
    await onlineOrders.refresh();
    await onlineOrders.refresh();
    expect(bars).toEqual([
        { message: "You are logged out. Online orders do not arrive.", buttons: ["Log In"] },
    ]);
    onRpc("pos.config", "get_octopus_summary", () => summary);
    await onlineOrders.refresh();
    expect(bars).toEqual([]);
});

test("an error of the server is a bar and no dialog", async () => {
    const onlineOrders = await setupOnlineOrders();
    const bars = watchBars(onlineOrders);
    failWith("builtins.ValueError");
    await onlineOrders.refresh();
    expect(bars.map(({ message }) => message)).toEqual([
        "Online orders cannot be updated now. Odoo tries again automatically.",
    ]);
});

/** The last bar that the service added: its message, `press(button)`, and `close` as by its cross. */
function watchLastBar(onlineOrders) {
    const bar = {};
    patchWithCleanup(onlineOrders.notification, {
        add: (message, { buttons, onClose }) => {
            bar.message = `${message}`;
            bar.press = (wanted) => buttons.find(({ name }) => `${name}` === wanted).onClick();
            bar.close = () => {
                bar.message = null;
                onClose?.();
            };
            return bar.close;
        },
    });
    return bar;
}

test("Open leads to the one new order", async () => {
    const onlineOrders = await setupOnlineOrders();
    const bar = watchLastBar(onlineOrders);
    patchWithCleanup(onlineOrders.pos, { navigate: (screen) => expect.step(screen) });
    summary = NEW;
    await onlineOrders.refresh();
    bar.press("Open");
    expect(onlineOrders.wantedOrderId).toBe(11);
    expect.verifySteps(["bell 1", "OnlineOrdersScreen"]);
});

test("a snoozed alert rings again after five minutes", async () => {
    const onlineOrders = await setupOnlineOrders();
    const bar = watchLastBar(onlineOrders);
    summary = NEW;
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1"]);
    bar.press("Snooze");
    expect(bar.message).toBe(null);
    await advanceTime(240000);
    expect.verifySteps([]);
    expect(bar.message).toBe(null);
    await advanceTime(80000);
    expect.verifySteps(["bell 1"]);
    expect(bar.message).toBe(NAMED);
});

test("a closed alert does not ring until the next order comes", async () => {
    const onlineOrders = await setupOnlineOrders();
    const bar = watchLastBar(onlineOrders);
    summary = NEW;
    await onlineOrders.refresh();
    bar.close();
    await advanceTime(600000);
    expect(bar.message).toBe(null);
    expect.verifySteps(["bell 1"]);
    summary = { ...NEW, unseen: 2, latest_id: 12 };
    await onlineOrders.refresh();
    expect.verifySteps(["bell 1"]);
    expect(bar.message).toBe("2 new online orders");
});
