import { askCancel } from "@linga_octopus/common/cancel_dialog";
import { isFinal } from "@linga_octopus/common/order_status";
import { OrderStatusBadge } from "@linga_octopus/common/order_status_badge";
import { isGuarded } from "@linga_octopus/pos/guard";
import { OnlineOrderTicket } from "@linga_octopus/pos/online_order_ticket";
import { ROUTE } from "@linga_octopus/pos/online_orders_service";
import { countText } from "@linga_octopus/common/count_text";
import { CenteredIcon } from "@point_of_sale/app/components/centered_icon/centered_icon";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { ask } from "@point_of_sale/app/utils/make_awaitable_dialog";
import {
    Component,
    onMounted,
    onWillUnmount,
    useEffect,
    useExternalListener,
    useState,
} from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

export const PAGE_SIZE = 40;
const SEARCH_DELAY_MS = 300;
const REFUSAL_MS = 15000;
const UNDO_MS = 10000;
const AGE_MS = 30000;
/** A second tap on *Complete* must not complete the order that has just taken its place. */
const DOUBLE_TAP_MS = 800;

/** Offset of the last page: a filtered list gets shorter as its orders are completed. */
function lastOffset(count) {
    return Math.max(0, Math.ceil(count / PAGE_SIZE) - 1) * PAGE_SIZE;
}

/** The list of online orders at the Point of Sale with its seven columns, and one order beside it. */
export class OnlineOrdersScreen extends Component {
    static template = "linga_octopus.OnlineOrdersScreen";
    static components = { CenteredIcon, Dropdown, DropdownItem, OrderStatusBadge };
    static props = {};
    static storeOnOrder = false;

    setup() {
        this.pos = usePos();
        this.ui = useService("ui");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.printer = useService("printer");
        this.onlineOrders = useState(useService("octopus_online_orders"));
        this.statuses = [
            ["take_action", _t("Take Action")],
            ["completed", _t("Completed")],
            ["cancelled", _t("Cancelled")],
        ];
        this.tabs = [
            ["take_action", _t("Open")],
            ["completed", _t("Completed")],
            ["cancelled", _t("Cancelled")],
            ["", _t("All")],
        ];
        this.volumes = [
            { value: 1, icon: "fa-volume-up", label: _t("Loud") },
            { value: 0.3, icon: "fa-volume-down", label: _t("Quiet") },
            { value: 0, icon: "fa-volume-off", label: _t("Muted") },
        ];
        this.state = useState({
            orders: [],
            count: 0,
            offset: 0,
            counts: {},
            text: "",
            status: browser.localStorage.getItem(this.tabKey) ?? "take_action",
            newIds: new Set(),
            now: Date.now(),
            detail: null,
            isLoading: true,
            isOffline: false,
        });
        this.request = 0;
        this.wantedOffset = 0;
        this.detailRequest = 0;
        this.wantedId = null;
        this.highestId = null;
        this.shownAt = 0;
        this.searchSoon = useDebounced(() => this.load(0), SEARCH_DELAY_MS);

        // Not awaited: the screen opens at once on a slow network.
        onMounted(() => {
            if (isGuarded(this.pos)) {
                this.onlineOrders.openScreen();
                return;
            }
            this.highestId = this.onlineOrders.seenId;
            this.load(0);
            this.onlineOrders.markSeen();
        });
        useEffect(
            (id) => {
                if (id) {
                    this.onlineOrders.wantedOrderId = null;
                    this.open({ id });
                }
            },
            () => [this.onlineOrders.wantedOrderId]
        );
        const age = browser.setInterval(() => (this.state.now = Date.now()), AGE_MS);
        onWillUnmount(() => browser.clearInterval(age));
        // Reload at each new revision. The first call of the effect is the loading above.
        let isFirst = true;
        useEffect(
            () => {
                if (!isFirst) {
                    this.reload();
                }
                isFirst = false;
            },
            () => [this.onlineOrders.revision]
        );
        // It names people: it does not stay on the screen that locks the Point of Sale.
        this.closeRefusal = () => {};
        onWillUnmount(() => {
            this.closeRefusal();
            this.closeUndo?.();
        });
        useExternalListener(window, "keydown", this.onKeydown.bind(this));
        useExternalListener(window, "popstate", this.onBack.bind(this));
    }

    // --- loading --- //

    /**
     * Load a page, and drop the answer when a later request was made meanwhile.
     *
     * @param {number} [offset] the page requested last by default, which may not be shown yet
     */
    async load(offset = this.wantedOffset) {
        const request = ++this.request;
        this.wantedOffset = offset;
        this.state.isLoading = true;
        try {
            const { text, status } = this.state;
            const page = await this.onlineOrders.call(
                "get_octopus_orders",
                text,
                !text && status,
                offset,
                PAGE_SIZE
            );
            if (request !== this.request) {
                return;
            }
            if (offset && !page.orders.length) {
                await this.load(Math.min(lastOffset(page.count), offset - PAGE_SIZE));
            } else {
                Object.assign(this.state, { ...page, offset, isOffline: false });
                this.highlight(page.orders);
            }
        } catch (error) {
            if (request === this.request) {
                this.wantedOffset = this.state.offset;
            }
            this.handleFailure(error);
        } finally {
            if (request === this.request) {
                this.state.isLoading = false;
            }
        }
    }

    /** Highlight the orders that have come since the list was loaded last. */
    highlight(orders) {
        const ids = orders.map(({ id }) => id);
        if (this.highestId !== null) {
            ids.filter((id) => id > this.highestId).forEach((id) => this.state.newIds.add(id));
        }
        this.highestId = Math.max(this.highestId ?? 0, ...ids);
    }

    async reload() {
        await this.load();
        if (this.wantedId) {
            await this.open({ id: this.wantedId });
        }
    }

    /** Keep what is on the screen when a call fails. */
    handleFailure(error) {
        if (error instanceof ConnectionLostError) {
            this.state.isOffline = true;
        } else {
            this.onlineOrders.failureBar.show(error);
        }
    }

    /** Show an order beside the list, and drop the answer when another one was pressed meanwhile. */
    async open({ id }) {
        const request = ++this.detailRequest;
        this.wantedId = id;
        this.state.newIds.delete(id);
        if (this.ui.isSmall && !this.hasHistoryEntry) {
            // Back closes the order, which fills the screen of a phone, and not the list.
            browser.history.pushState(browser.history.state, "");
            this.hasHistoryEntry = true;
        }
        try {
            const detail = await this.onlineOrders.call("get_octopus_order", id);
            if (request === this.detailRequest) {
                this.state.detail = detail;
            }
        } catch (error) {
            if (request === this.detailRequest) {
                this.wantedId = this.state.detail?.id;
            }
            this.handleFailure(error);
        }
    }

    isOpen(order) {
        return this.state.detail?.id === order.id;
    }

    close() {
        this.detailRequest++;
        this.wantedId = null;
        this.state.detail = null;
        if (this.hasHistoryEntry) {
            this.hasHistoryEntry = false;
            browser.history.back();
        }
    }

    onBack() {
        if (this.hasHistoryEntry) {
            this.hasHistoryEntry = false;
            this.close();
        }
    }

    // --- search and pages --- //

    onSearch(event) {
        this.state.text = event.target.value;
        this.searchSoon();
    }

    clearSearch() {
        this.state.text = "";
        return this.load(0);
    }

    get tabKey() {
        return `linga_octopus.tab.${odoo.pos_config_id}`;
    }

    /** Show the orders of a status ("": of all); this Point of Sale opens with it from now on. */
    showTab(status) {
        browser.localStorage.setItem(this.tabKey, status);
        this.state.status = status;
        this.state.text = "";
        return this.load(0);
    }

    /** A search looks for orders of every status. */
    isTabShown(status) {
        return status === (this.state.text ? "" : this.state.status);
    }

    tabCount(status) {
        const { counts, text } = this.state;
        return status && !text && counts[status] ? countText(counts[status]) : "";
    }

    get volumeIcon() {
        return this.volumes.find(({ value }) => value === this.onlineOrders.volume)?.icon;
    }

    get pageText() {
        const { count, offset, orders } = this.state;
        return count ? `${offset + 1}-${offset + orders.length} / ${countText(count)}` : "";
    }

    get hasPrevious() {
        return this.state.offset > 0;
    }

    get hasNext() {
        return (
            this.state.orders.length === PAGE_SIZE &&
            this.state.offset + PAGE_SIZE < this.state.count
        );
    }

    previousPage() {
        return this.load(Math.max(0, this.state.offset - PAGE_SIZE));
    }

    nextPage() {
        return this.load(this.state.offset + PAGE_SIZE);
    }

    /** Enter opens the focused row, the arrow keys move the focus. */
    onRowKeydown(event, order) {
        const row = event.currentTarget;
        if (event.target !== row) {
            return;
        }
        const neighbor = {
            ArrowDown: row.nextElementSibling,
            ArrowUp: row.previousElementSibling,
        }[event.key];
        if (event.key === "Enter") {
            this.open(order);
        } else if (neighbor) {
            event.preventDefault();
            neighbor.focus();
        }
    }

    onKeydown(event) {
        if (document.querySelector(".modal")) {
            return;
        }
        if (event.key === "Escape" && this.state.detail) {
            this.close();
        } else if (event.key === "/" && event.target.tagName !== "INPUT") {
            event.preventDefault();
            document.querySelector(".online-orders-screen input[type=search]")?.focus();
        }
    }

    // --- status --- //

    isFinal(order) {
        return isFinal(order.status);
    }

    statusLabel(status) {
        return this.statuses.find(([value]) => value === status)?.[1];
    }

    /** Complete the order beside the list, and show the next one. */
    complete(order) {
        const isDoubleTap = Date.now() - this.shownAt < DOUBLE_TAP_MS;
        return isDoubleTap ? null : this.setStatus(order, "completed");
    }

    /** Change the status that is on the screen; the server refuses when it is outdated. */
    async setStatus(order, status) {
        const { id, status: seen } = order;
        const { dialog, onlineOrders } = this;
        try {
            if (isFinal(status)) {
                const questions = await onlineOrders.call("get_octopus_cancel_questions", id, seen);
                if (!(await askCancel(dialog, questions))) {
                    return;
                }
            }
            const next = status === "completed" && this.nextOpenOrder(id);
            this.showRow(await onlineOrders.call("set_octopus_status", id, status, seen));
            if (status === "completed") {
                this.offerUndo(order);
                if (this.wantedId === id) {
                    next ? await this.open(next) : this.close();
                    this.shownAt = Date.now();
                }
            }
            await onlineOrders.refresh();
        } catch (error) {
            this.handleRefusal(error);
        }
    }

    /** The open order below this one, else the one above it. */
    nextOpenOrder(id) {
        const { orders } = this.state;
        const index = orders.findIndex((order) => order.id === id);
        const isOpen = (order) => order.id !== id && order.status === "take_action";
        return orders.slice(index + 1).find(isOpen) || orders.slice(0, index).findLast(isOpen);
    }

    /** Say that an order is completed, and offer the way back. */
    offerUndo(order) {
        this.closeUndo?.();
        const undo = () => {
            this.closeUndo();
            return this.setStatus({ ...order, status: "completed" }, "take_action");
        };
        this.closeUndo = this.notification.add(_t("%s is completed.", this.title(order)), {
            type: "success",
            autocloseDelay: UNDO_MS,
            buttons: [{ name: _t("Undo"), onClick: undo }],
        });
    }

    /** Apply what the channel changed, or keep the order; a completed order asks first. */
    async decideChanges({ id, status }, isApplied) {
        try {
            if (isApplied && status === "completed" && !(await this.askCompletedChange())) {
                return;
            }
            const args = [id, isApplied];
            const detail = await this.onlineOrders.call("decide_octopus_changes", ...args);
            if (this.state.detail?.id === id) {
                this.state.detail = detail;
                // The slip on the packing table has the old quantities. Without a receipt printer
                // the browser would ask how to print.
                if (isApplied && this.printer.device) {
                    await this.print();
                }
            }
            await this.onlineOrders.refresh();
        } catch (error) {
            this.handleRefusal(error);
        }
    }

    askCompletedChange() {
        return ask(this.dialog, {
            title: _t("Completed order"),
            body: _t(
                "This order is completed: its goods were handed over. Apply the changes only when the goods left or came back as the channel says."
            ),
            confirmLabel: _t("Apply"),
        });
    }

    /** Say why the server refused a change, and show what it has. */
    handleRefusal(error) {
        if (!(error instanceof RPCError && error.exceptionName?.startsWith("odoo.exceptions."))) {
            this.handleFailure(error);
            return;
        }
        const options = { type: "warning", autocloseDelay: REFUSAL_MS };
        this.closeRefusal();
        this.closeRefusal = this.notification.add(error.data.message, options);
        return this.reload();
    }

    showRow(row) {
        const index = this.state.orders.findIndex(({ id }) => id === row.id);
        if (index >= 0) {
            this.state.orders[index] = row;
        }
        if (this.state.detail?.id === row.id) {
            Object.assign(this.state.detail, row);
        }
    }

    // --- showing --- //

    /** How long an open order has been waiting, such as "12 min"; nothing of other orders. */
    age(order) {
        if (order.status !== "take_action") {
            return "";
        }
        const minutes = this.minutes(order);
        if (minutes < 60) {
            return _t("%s min", Math.max(minutes, 0));
        }
        const hours = Math.floor(minutes / 60);
        return hours < 24 ? _t("%s h", hours) : _t("%s d", Math.floor(hours / 24));
    }

    isLate(order) {
        const { lateMinutes } = this.onlineOrders;
        return lateMinutes && order.status === "take_action" && this.minutes(order) >= lateMinutes;
    }

    minutes(order) {
        const placed = deserializeDateTime(order.transaction_time).toMillis();
        return Math.floor((this.state.now - placed) / 60000);
    }

    date(order) {
        const moment = deserializeDateTime(order.transaction_time);
        const isThisYear = moment.hasSame(luxon.DateTime.now(), "year");
        return moment.toLocaleString({
            month: "short",
            day: "numeric",
            year: isThisYear ? undefined : "numeric",
        });
    }

    time(order) {
        return deserializeDateTime(order.transaction_time).toLocaleString(
            luxon.DateTime.TIME_SIMPLE
        );
    }

    channelClass(order) {
        return `o_badge_color_${order.channel_color}`;
    }

    title(order) {
        return `${order.third_party_name} ${order.third_party_order_no}`;
    }

    subtitle(order) {
        return `${this.date(order)} ${this.time(order)} · ${order.aggregator_order_no}`;
    }

    imageUrl(line) {
        return line.product_id && `/web/image/product.product/${line.product_id}/image_128`;
    }

    async print() {
        const order = this.state.detail;
        const when = `${this.date(order)} ${this.time(order)}`;
        await this.printer.print(OnlineOrderTicket, { order, when }, { webPrintFallback: true });
    }
}

registry.category("pos_pages").add("OnlineOrdersScreen", {
    name: "OnlineOrdersScreen",
    component: OnlineOrdersScreen,
    route: ROUTE,
    params: {},
});
