import { useLiveReload } from "@linga_octopus/sync/live_reload";
import { startBusService } from "@bus/../tests/bus_test_helpers";
import { getWebSocketWorker } from "@bus/../tests/mock_websocket";
import { beforeEach, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, waitUntil } from "@odoo/hoot-dom";
import { Component, xml } from "@odoo/owl";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { RPCError } from "@web/core/network/rpc";
import { getService, mountWithCleanup } from "@web/../tests/web_test_helpers";

definePosModels();

let canReload;
let failure;
let lastMessageId = 0;

class View extends Component {
    static template = xml`<div/>`;
    static props = {};

    setup() {
        useLiveReload({
            messageType: "change",
            canReload: () => canReload,
            reload: async (payloads) => {
                expect.step(payloads.map(({ id }) => id));
                if (failure) {
                    throw failure;
                }
            },
        });
    }
}

async function deliver(message) {
    getWebSocketWorker().broadcast("BUS:NOTIFICATION", [{ id: ++lastMessageId, message }]);
    await waitUntil(() => getService("bus_service").lastNotificationId === lastMessageId);
}

async function receive(id) {
    await deliver({ type: "change", payload: { id } });
    await advanceTime(1000);
}

beforeEach(async () => {
    canReload = true;
    failure = null;
    await setupPosEnv();
    await startBusService();
    await waitUntil(() => getService("bus_service").workerState === "CONNECTED");
    // Messages keep their order: once this one arrives, the connection was announced.
    await deliver({ type: "other", payload: {} });
    await mountWithCleanup(View);
});

test("a message reloads the view", async () => {
    await receive(1);
    expect.verifySteps([[1]]);
});

test("a message that came while no reload was possible is handled later", async () => {
    canReload = false;
    await receive(1);
    canReload = true;
    await advanceTime(5000);
    expect.verifySteps([[1]]);
});

test("several messages that came while no reload was possible reload everything", async () => {
    canReload = false;
    await receive(1);
    await receive(2);
    canReload = true;
    await advanceTime(5000);
    expect.verifySteps([[]]);
});

test("with a websocket the view is still reloaded every minute, for messages that got lost", async () => {
    await advanceTime(61000);
    expect.verifySteps([[]]);
});

test("a reload that fails is one bar, and is repeated", async () => {
    failure = Object.assign(new RPCError(), { exceptionName: "odoo.http.SessionExpiredException" });
    await receive(1);
    await advanceTime(5000);
    await animationFrame();
    expect(".o_notification").toHaveCount(1);
    expect(".o_notification").toHaveText(/You are logged out/);
    expect(".modal").toHaveCount(0);
    failure = null;
    await advanceTime(5000);
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
    expect.verifySteps([[1], [], []]);
});
