import { countText } from "@linga_octopus/common/count_text";
import { FailureBar } from "@linga_octopus/common/failure_bar";
import { momentOrTime } from "@linga_octopus/pos/order_texts";
import { isGuarded } from "@linga_octopus/pos/guard";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { delay } from "@web/core/utils/concurrency";
import { effect, Reactive } from "@web/core/utils/reactive";
import { batched } from "@web/core/utils/timing";

const REFRESH_DELAY_MS = 300;
const POLL_MS = 15000;
const CONNECTED_POLL_MS = 60000;
const ALERT_AGAIN_MS = 20000;
const SNOOZE_MS = 300000;
export const ROUTE = `/pos/ui/${odoo.pos_config_id}/online-orders`;
// Kept from the start: the Point of Sale changes the address when it asks for a login.
const isOpenedByAddress = browser.location.pathname === ROUTE;

/**
 * The online orders of this Point of Sale: the number of open ones, the number that nobody has
 * seen, and the alert about them. Every sign of a change asks the server again, so that nothing is
 * missed while the tab slept, the network was down or the Point of Sale was closed.
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
        this.openCount = 0;
        this.unseen = 0;
        this.latestId = 0;
        /** Goes up with each answer of the server: a screen that shows orders loads them again. */
        this.revision = 0;
        this.lastQuestion = 0;
        this.lastAnswer = 0;
        this.volume = this.storedVolume();
        this.closeAlert = null;
        /** The sound and the alert stay away until this moment, or until the next new order. */
        this.quietUntil = 0;
        /** The newest of the unseen orders, as the alert names it. */
        this.newest = null;
        /** Orders with a higher id were seen on no screen of the store; null: not known yet. */
        this.seenId = null;
        /** Minutes after which an open order is late; 0: never. */
        this.lateMinutes = 0;
        /** There are new orders that this Point of Sale is to print automatically. */
        this.hasToPrint = false;
        /** Since when online orders do not arrive, in UTC; false: they do. */
        this.disconnectedSince = false;
        /** The order that the screen is to open, chosen in the alert. */
        this.wantedOrderId = null;
        this.failureBar = new FailureBar(notification, {
            loggedOut: _t("You are logged out. Online orders do not arrive."),
            failed: _t("Online orders cannot be updated now. Odoo tries again automatically."),
        });
        /** While the Point of Sale is locked, nothing of this addon leads to another screen. */
        this.isGuarded = true;
        /** The list is to be opened as soon as the Point of Sale is not locked any more. */
        this.isWanted = isOpenedByAddress;
        /** The first alert is about orders that came while the Point of Sale was closed. */
        this.isFirstLook = true;
    }

    start() {
        // Batch the messages: core subscribes once more at each reconnection of the websocket, so
        // that each message arrives many times after some hours.
        const refresh = batched(
            () => this.refresh(),
            () => delay(REFRESH_DELAY_MS)
        );
        this.pos.data.connectWebSocket("OCTOPUS_ORDERS", refresh);
        this.bus.addEventListener("BUS:CONNECT", refresh);
        this.bus.addEventListener("BUS:RECONNECT", refresh);
        browser.addEventListener("online", refresh);
        document.addEventListener(
            "visibilitychange",
            () => document.visibilityState === "visible" && refresh()
        );
        // Poll often while there is no websocket (no proxy for it, a broken network).
        browser.setInterval(() => this.bus.workerState !== "CONNECTED" && refresh(), POLL_MS);
        // Poll with a websocket too: in a rush the worker sends the messages, and it may be late.
        browser.setInterval(refresh, CONNECTED_POLL_MS);
        // Repeat the sound until somebody opens the list.
        browser.setInterval(() => this.ring(), ALERT_AGAIN_MS);
        effect(
            batched((pos) => this.setGuarded(isGuarded(pos))),
            [this.pos]
        );
        return this.refresh();
    }

    async call(method, ...args) {
        const ids = [this.pos.config.id];
        const answer = await this.pos.data.orm.silent.call("pos.config", method, [ids, ...args]);
        this.failureBar.close();
        return answer;
    }

    /**
     * Like `call`, but returns undefined when it fails: the next refresh calls again. An error of
     * the server is a bar, never a dialog in the middle of a sale.
     */
    async callInBackground(method, ...args) {
        try {
            return await this.call(method, ...args);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                this.failureBar.show(error);
            }
        }
    }

    /** Ask the server for the summary, and drop an answer that is older than the one shown. */
    async refresh() {
        const question = ++this.lastQuestion;
        const summary = await this.callInBackground("get_octopus_summary");
        if (!summary || question < this.lastAnswer) {
            return;
        }
        this.lastAnswer = question;
        this.show(summary);
    }

    show(summary) {
        const hasNewOrder = summary.unseen && summary.latest_id > this.latestId;
        this.isLinked = summary.is_linked;
        this.openCount = summary.to_act;
        this.unseen = summary.unseen;
        this.latestId = summary.latest_id;
        this.newest = summary.newest;
        this.seenId = summary.seen_id;
        this.lateMinutes = summary.late_minutes;
        this.disconnectedSince = summary.disconnected_since;
        this.hasToPrint = summary.has_to_print;
        this.revision++;
        if (hasNewOrder) {
            this.quietUntil = 0;
            this.playAlertSound();
        }
        if (this.isScreenOpen && this.unseen) {
            this.markSeen();
        } else {
            this.updateAlert(hasNewOrder);
        }
        this.isFirstLook = false;
    }

    get disconnectedText() {
        if (!this.disconnectedSince) {
            return "";
        }
        const since = momentOrTime(this.disconnectedSince);
        return _t(
            "Octopus disconnected since %s. New orders do not arrive; Odoo tries again automatically.",
            since
        );
    }

    get openCountText() {
        return countText(this.openCount);
    }

    get isScreenOpen() {
        return (
            this.pos.router.state.current === "OnlineOrdersScreen" &&
            document.visibilityState === "visible"
        );
    }

    /** Mark all orders as seen: the alert ends on every Point of Sale of the store. */
    async markSeen() {
        const latestId = this.latestId;
        this.unseen = 0;
        this.updateAlert(false);
        await this.callInBackground("set_octopus_seen", latestId);
    }

    /**
     * Open the list, or the screen that guards it first.
     *
     * @param {number} [orderId] of the order to show beside it
     */
    openScreen(orderId = this.wantedOrderId) {
        this.wantedOrderId = orderId;
        const isOpen = this.pos.router.state.current === "OnlineOrdersScreen";
        this.isWanted = isGuarded(this.pos);
        if (!this.isWanted) {
            isOpen || this.pos.navigate("OnlineOrdersScreen");
        } else if (isOpen) {
            // By its address, or by the Back button of the browser.
            const login = { page: "LoginScreen", params: {} };
            const { page, params } = this.pos.cashier ? this.pos.defaultPage : login;
            this.pos.navigate(page, params);
        }
    }

    /** Show the alert with its button or without it, and go where somebody wanted to go. */
    setGuarded(isGuarded) {
        if (isGuarded === this.isGuarded) {
            return;
        }
        this.isGuarded = isGuarded;
        if (this.closeAlert) {
            this.removeAlert();
            this.closeAlert = this.addAlert();
        }
        if (this.isWanted && !isGuarded) {
            this.openScreen();
        }
    }

    // --- sound and alert --- //

    playAlertSound() {
        if (this.volume > 0) {
            this.sound.play("bell", { volume: this.volume });
        }
    }

    /** Ring again, and show again the alert that was snoozed. */
    ring() {
        if (this.unseen && !this.isQuiet) {
            this.playAlertSound();
            this.updateAlert(false);
        }
    }

    get isQuiet() {
        return Date.now() < this.quietUntil;
    }

    /** Close the alert and be quiet for a while, on this Point of Sale only. */
    quiet(milliseconds) {
        this.quietUntil = Date.now() + milliseconds;
        this.removeAlert();
    }

    updateAlert(hasNewOrder) {
        if (hasNewOrder || !this.unseen) {
            this.removeAlert();
        }
        if (!this.unseen || this.closeAlert || this.isQuiet) {
            return;
        }
        this.isAboutClosedTime = this.isFirstLook;
        this.closeAlert = this.addAlert();
    }

    removeAlert() {
        const closeAlert = this.closeAlert;
        this.closeAlert = null;
        closeAlert?.();
    }

    addAlert() {
        const orderId = this.newest?.id;
        const open = {
            name: _t("Open"),
            primary: true,
            onClick: () => this.openScreen(orderId),
        };
        const snooze = { name: _t("Snooze"), onClick: () => this.quiet(SNOOZE_MS) };
        return this.notification.add(this.alertMessage, {
            type: "info",
            sticky: true,
            className: "o_octopus_new_order",
            buttons: this.isGuarded ? [] : [open, snooze],
            // Closed by the cashier: it does not ring until the next order.
            onClose: () => this.closeAlert && this.quiet(Infinity),
        });
    }

    /** What the alert says. While the Point of Sale is locked, it names nobody. */
    get alertMessage() {
        const isOne = this.unseen === 1;
        if (isOne && this.newest && !this.isGuarded && !this.isAboutClosedTime) {
            const { title, customer, total, pieces } = this.newest;
            const goods = pieces === "1" ? _t("1 piece") : _t("%s pieces", pieces);
            const order = [title, customer, total, goods].filter(Boolean).join(" · ");
            return _t("New online order: %(order)s", { order });
        }
        const count = countText(this.unseen);
        if (this.isAboutClosedTime) {
            return isOne
                ? _t("1 online order arrived while this point of sale was closed")
                : _t("%s online orders arrived while this point of sale was closed", count);
        }
        return isOne ? _t("1 new online order") : _t("%s new online orders", count);
    }

    get volumeKey() {
        return `linga_octopus.volume.${odoo.pos_config_id}`;
    }

    storedVolume() {
        return Number(browser.localStorage.getItem(this.volumeKey) ?? 1);
    }

    /** Set the volume of the alert sound, from 0 (muted) to 1, and play it once. */
    setVolume(volume) {
        this.volume = volume;
        browser.localStorage.setItem(this.volumeKey, volume);
        this.playAlertSound();
    }
}

export const onlineOrdersService = {
    dependencies: OnlineOrders.dependencies,
    start(env, services) {
        const onlineOrders = new OnlineOrders(env, services);
        // Not awaited: the Point of Sale must not wait for this answer to open.
        onlineOrders.start();
        return onlineOrders;
    },
};

registry.category("services").add("octopus_online_orders", onlineOrdersService);
