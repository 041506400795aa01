import { FailureBar } from "@linga_octopus/common/failure_bar";
import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

const DEBOUNCE_MS = 300;
const TICK_MS = 5000;
const CONNECTED_TICK_MS = 60000;

/**
 * Keep a view up to date with the server.
 *
 * A bus message reloads the view at once. Without a websocket (a prefork server without a proxy for
 * it, a broken network) the view is reloaded at every tick. With one it is reloaded every minute
 * too: in a rush the worker sends the messages, and it may be late. A reload that cannot happen
 * now, as while a row is edited, is repeated at the next tick. An error of the server is a bar,
 * never a dialog: nobody asked for the reload.
 *
 * @param {Object} params
 * @param {string} params.messageType bus message that announces a change
 * @param {(payload: Object) => boolean} [params.concerns] does the message concern this view?
 * @param {() => boolean|Promise<boolean>} params.canReload may the view be reloaded now?
 * @param {(payloads: Object[]) => Promise} params.reload gets the messages since the last reload;
 *      an empty list means that anything may have changed
 */
export function useLiveReload({ messageType, concerns = () => true, canReload, reload }) {
    const bus = useService("bus_service");
    const failureBar = new FailureBar(useService("notification"), {
        loggedOut: _t("You are logged out. This page is not updated any more."),
        failed: _t("This page cannot be updated now. Odoo tries again automatically."),
    });
    let stale = false;
    let payloads = [];
    let missedSome = false;

    const refresh = async () => {
        stale = true;
        if (document.hidden || !browser.navigator.onLine || !(await canReload())) {
            return;
        }
        stale = false;
        const received = missedSome ? [] : payloads;
        missedSome = false;
        payloads = [];
        try {
            await reload(received);
            failureBar.close();
        } catch (error) {
            stale = missedSome = true;
            failureBar.show(error);
        }
    };
    const refreshSoon = useDebounced(refresh, DEBOUNCE_MS);
    const refreshAllSoon = () => {
        missedSome = true;
        refreshSoon();
    };
    const onMessage = (payload) => {
        if (!concerns(payload)) {
            return;
        }
        if (stale) {
            // Do not collect messages in a tab that stays hidden: reload everything later.
            payloads = [];
            refreshAllSoon();
        } else {
            payloads.push(payload);
            refreshSoon();
        }
    };

    bus.subscribe(messageType, onMessage);
    // The server does not repeat messages sent while the websocket was disconnected.
    useBus(bus, "BUS:CONNECT", refreshAllSoon);
    useBus(bus, "BUS:RECONNECT", refreshAllSoon);
    useExternalListener(document, "visibilitychange", () => stale && refreshSoon());
    const timer = browser.setInterval(() => {
        if (stale || bus.workerState !== "CONNECTED") {
            refresh();
        }
    }, TICK_MS);
    const slowTimer = browser.setInterval(refreshAllSoon, CONNECTED_TICK_MS);
    onWillUnmount(() => {
        browser.clearInterval(timer);
        browser.clearInterval(slowTimer);
        bus.unsubscribe(messageType, onMessage);
        failureBar.close();
    });
}
