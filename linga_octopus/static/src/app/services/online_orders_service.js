import { countText } from "@linga_octopus/common/count_text";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { delay } from "@web/core/utils/concurrency";
import { Reactive } from "@web/core/utils/reactive";
import { batched } from "@web/core/utils/timing";

const SIGN_DELAY_MS = 300;
const POLL_MS = 15000;
const CONNECTED_POLL_MS = 60000;
const RING_AGAIN_MS = 20000;

/**
 * What the till knows of its online orders: how many are to be acted on, whether new ones wait
 * for somebody to look. The server is asked again at every sign of a change, so that nothing is
 * missed while the tab slept, the network was down or the till was closed.
 */
export class OnlineOrders extends Reactive {
    static dependencies = ["pos", "bus_service", "notification", "mail.sound_effects"];

    constructor(env, services) {
        super();
        this.setup(env, services);
    }

    setup(env, { pos, bus_service, notification, "mail.sound_effects": sound }) {
        this.pos = pos;
        this.bus = bus_service;
        this.notification = notification;
        this.sound = sound;

        this.isLinked = false;
        this.toAct = 0;
        this.unseen = 0;
        this.latestId = 0;
        /** Counts the signs of a change: whoever shows orders loads them again. */
        this.revision = 0;
        this.asked = 0;
        this.answered = 0;
        this.volume = this.storedVolume();
        this.closeAlert = null;
        /** What the alert says the first time came in while the till was closed. */
        this.isFirstLook = true;
    }

    start() {
        // Signs come in swarms: core subscribes once more each time the websocket connects again,
        // and after some hours each message comes many times.
        const refresh = batched(
            () => this.refresh(),
            () => delay(SIGN_DELAY_MS)
        );
        this.pos.data.connectWebSocket("OCTOPUS_ORDERS", refresh);
        this.bus.addEventListener("BUS:CONNECT", refresh);
        this.bus.addEventListener("BUS:RECONNECT", refresh);
        browser.addEventListener("online", refresh);
        document.addEventListener(
            "visibilitychange",
            () => document.visibilityState === "visible" && refresh()
        );
        // Without a websocket (no proxy for it, a broken network) there are no messages.
        browser.setInterval(() => this.bus.workerState !== "CONNECTED" && refresh(), POLL_MS);
        // In a rush the messages are the worker's to send, and it may stand still.
        browser.setInterval(refresh, CONNECTED_POLL_MS);
        // Somebody in the back of the shop did not hear it the first time.
        browser.setInterval(() => this.unseen && this.ring(), RING_AGAIN_MS);
        return this.refresh();
    }

    async call(method, ...args) {
        return this.pos.data.orm.silent.call("pos.config", method, [[this.pos.config.id], ...args]);
    }

    /** Like `call`, but offline it answers nothing: the next sign of life leads here again. */
    async callIfOnline(method, ...args) {
        try {
            return await this.call(method, ...args);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    /** Ask the server where we stand; an answer that a later question has overtaken is dropped. */
    async refresh() {
        const question = ++this.asked;
        const summary = await this.callIfOnline("get_octopus_summary");
        if (!summary || question < this.answered) {
            return;
        }
        this.answered = question;
        this.show(summary);
    }

    show(summary) {
        const isNews = summary.unseen && summary.latest_id > this.latestId;
        this.isLinked = summary.is_linked;
        this.toAct = summary.to_act;
        this.unseen = summary.unseen;
        this.latestId = summary.latest_id;
        this.revision++;
        if (isNews) {
            this.ring();
        }
        if (this.isScreenOpen && this.unseen) {
            this.markSeen();
        } else {
            this.updateAlert(isNews);
        }
        this.isFirstLook = false;
    }

    get toActText() {
        return countText(this.toAct);
    }

    get isScreenOpen() {
        return (
            this.pos.router.state.current === "OnlineOrdersScreen" &&
            document.visibilityState === "visible"
        );
    }

    /** Somebody looks at the list: this till and the others of the store fall silent. */
    async markSeen() {
        const latestId = this.latestId;
        this.unseen = 0;
        this.updateAlert(false);
        await this.callIfOnline("set_octopus_seen", latestId);
    }

    openScreen() {
        this.pos.navigate("OnlineOrdersScreen");
    }

    // --- sound and alert --- //

    ring() {
        if (this.volume > 0) {
            this.sound.play("bell", { volume: this.volume });
        }
    }

    updateAlert(isNews) {
        if (this.closeAlert && (isNews || !this.unseen)) {
            this.closeAlert();
            this.closeAlert = null;
        }
        if (!this.unseen || this.closeAlert) {
            return;
        }
        this.closeAlert = this.notification.add(this.alertMessage, {
            type: "info",
            sticky: true,
            buttons: [{ name: _t("Open"), primary: true, onClick: () => this.openScreen() }],
        });
    }

    get alertMessage() {
        const isOne = this.unseen === 1;
        const count = countText(this.unseen);
        if (this.isFirstLook) {
            return isOne
                ? _t("1 online order came in while this till was closed")
                : _t("%s online orders came in while this till was closed", count);
        }
        return isOne ? _t("1 new online order") : _t("%s new online orders", count);
    }

    get volumeKey() {
        return `linga_octopus.volume.${odoo.pos_config_id}`;
    }

    storedVolume() {
        return Number(browser.localStorage.getItem(this.volumeKey) ?? 1);
    }

    /** Set how loud this till rings, 0 for not at all, and let it be heard. */
    setVolume(volume) {
        this.volume = volume;
        browser.localStorage.setItem(this.volumeKey, volume);
        this.ring();
    }
}

export const onlineOrdersService = {
    dependencies: OnlineOrders.dependencies,
    start(env, services) {
        const onlineOrders = new OnlineOrders(env, services);
        // The till must not wait for us to open.
        onlineOrders.start();
        return onlineOrders;
    },
};

registry.category("services").add("octopus_online_orders", onlineOrdersService);
