import { useLiveReload } from "@linga_octopus/backend/live/live_reload";
import { startBusService } from "@bus/../tests/bus_test_helpers";
import { getWebSocketWorker } from "@bus/../tests/mock_websocket";
import { beforeEach, expect, test } from "@odoo/hoot";
import { advanceTime, waitUntil } from "@odoo/hoot-dom";
import { Component, xml } from "@odoo/owl";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { getService, mountWithCleanup } from "@web/../tests/web_test_helpers";

definePosModels();

let isGoodMoment;
let lastMessageId = 0;

class View extends Component {
    static template = xml`<div/>`;
    static props = {};

    setup() {
        useLiveReload({
            messageType: "news",
            canReload: () => isGoodMoment,
            reload: async (payloads) => expect.step(payloads.map(({ id }) => id)),
        });
    }
}

async function deliver(message) {
    getWebSocketWorker().broadcast("BUS:NOTIFICATION", [{ id: ++lastMessageId, message }]);
    await waitUntil(() => getService("bus_service").lastNotificationId === lastMessageId);
}

async function receive(id) {
    await deliver({ type: "news", payload: { id } });
    await advanceTime(1000);
}

beforeEach(async () => {
    isGoodMoment = true;
    await setupPosEnv();
    await startBusService();
    await waitUntil(() => getService("bus_service").workerState === "CONNECTED");
    // Messages keep their order: after this one the sign of the connection has come, too.
    await deliver({ type: "other", payload: {} });
    await mountWithCleanup(View);
});

test("a message reloads what it is about", async () => {
    await receive(1);
    expect.verifySteps([[1]]);
});

test("after a bad moment a single message is made up for", async () => {
    isGoodMoment = false;
    await receive(1);
    isGoodMoment = true;
    await advanceTime(5000);
    expect.verifySteps([[1]]);
});

test("after a long bad moment everything is loaded, not each message remembered", async () => {
    isGoodMoment = false;
    await receive(1);
    await receive(2);
    isGoodMoment = true;
    await advanceTime(5000);
    expect.verifySteps([[]]);
});

test("with a websocket the view is loaded now and then, for messages that never came", async () => {
    await advanceTime(61000);
    expect.verifySteps([[]]);
});
