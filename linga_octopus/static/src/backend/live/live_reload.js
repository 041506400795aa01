import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

const DEBOUNCE_MS = 300;
const TICK_MS = 5000;
const CONNECTED_TICK_MS = 60000;

/**
 * Keep a view as fresh as the server, whatever becomes of the websocket.
 *
 * A bus message reloads the view at once. While there is no websocket (a prefork server without a
 * proxy for it, a broken network) the view is reloaded at every tick instead, and with one every
 * minute: in a rush the messages are the worker's to send, and it may stand still. A reload that
 * comes at a bad moment, such as a row being edited, is made up for at the next tick.
 *
 * @param {Object} params
 * @param {string} params.messageType bus message that announces a change
 * @param {(payload: Object) => boolean} [params.concerns] is this message about what we show?
 * @param {() => boolean|Promise<boolean>} params.canReload is this a good moment?
 * @param {(payloads: Object[]) => Promise} params.reload gets the messages since the last reload;
 *      none means that anything may have changed
 */
export function useLiveReload({ messageType, concerns = () => true, canReload, reload }) {
    const bus = useService("bus_service");
    let stale = false;
    let payloads = [];
    let missedSome = false;

    const refresh = async () => {
        stale = true;
        if (document.hidden || !browser.navigator.onLine || !(await canReload())) {
            return;
        }
        stale = false;
        const news = missedSome ? [] : payloads;
        missedSome = false;
        payloads = [];
        await reload(news);
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
            // The bad moment lasts, all night perhaps in a hidden tab: do not gather messages.
            payloads = [];
            refreshAllSoon();
        } else {
            payloads.push(payload);
            refreshSoon();
        }
    };

    bus.subscribe(messageType, onMessage);
    // What was sent while we were not connected is not sent again.
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
    });
}
