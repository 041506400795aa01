import { askCancel } from "@linga_octopus/common/cancel_dialog";
import { isFinal } from "@linga_octopus/common/order_status";
import { OrderStatusBadge } from "@linga_octopus/common/order_status_badge";
import { isGuarded } from "@linga_octopus/pos/guard";
import { Handover } from "@linga_octopus/pos/handover";
import { askManagerPin } from "@linga_octopus/pos/manager_pin";
import { OrderAge } from "@linga_octopus/pos/order_age";
import { OrderBadges } from "@linga_octopus/pos/order_badges";
import { OrderDetail } from "@linga_octopus/pos/order_detail";
import { OrderFilters } from "@linga_octopus/pos/order_filters";
import { OrderPages } from "@linga_octopus/pos/order_pages";
import { useOrderScan } from "@linga_octopus/pos/order_scan";
import { Packing } from "@linga_octopus/pos/packing";
import { printTickets } from "@linga_octopus/pos/order_printer";
import { OrderSelection, SelectionBar } from "@linga_octopus/pos/order_selection";
import {
    channelClass,
    dateText,
    momentText,
    orderTitle,
    timeText,
} from "@linga_octopus/pos/order_texts";
import { SoundMenu } from "@linga_octopus/pos/sound_menu";
import { StatusTabs } from "@linga_octopus/pos/status_tabs";
import { ROUTE } from "@linga_octopus/pos/online_orders_service";
import { CenteredIcon } from "@point_of_sale/app/components/centered_icon/centered_icon";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { ask } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { onMounted, onWillUnmount, useEffect, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { SIZES } from "@web/core/ui/ui_service";
import { useService } from "@web/core/utils/hooks";

const REFUSAL_MS = 15000;
const UNDO_MS = 10000;
const AGE_MS = 30000;
/** A second tap on *Complete* must not complete the order that has just taken its place. */
const DOUBLE_TAP_MS = 800;

/** The list of online orders at the Point of Sale with its seven columns, and one order beside it. */
export class OnlineOrdersScreen extends OrderPages {
    static template = "linga_octopus.OnlineOrdersScreen";
    static components = {
        CenteredIcon,
        OrderAge,
        OrderBadges,
        OrderDetail,
        OrderFilters,
        OrderStatusBadge,
        SelectionBar,
        SoundMenu,
        StatusTabs,
    };
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
        Object.assign(this, { channelClass, dateText, momentText, orderTitle, timeText });
        this.setupList({ detail: null, now: Date.now() });
        this.selection = useState(new OrderSelection());
        this.packing = useState(new Packing({ id: 0, lines: [] }));
        this.handover = new Handover(this);
        useOrderScan((code) => this.onScanned(code));
        this.detailRequest = 0;
        this.wantedId = null;
        this.shownAt = 0;

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
                this.showDetail(detail);
            }
        } catch (error) {
            if (request === this.detailRequest) {
                this.wantedId = this.state.detail?.id;
            }
            this.handleFailure(error);
        }
    }

    showDetail(detail) {
        this.packing.load(detail);
        this.state.detail = detail;
    }

    /** Whether all seven columns fit; beside an open order, a tablet shows cards. */
    get hasRoomForColumns() {
        return !this.ui.isSmall && !(this.state.detail && this.ui.size <= SIZES.LG);
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

    // --- keyboard --- //

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
        const isInSearch = event.target.type === "search";
        if (event.key === "Escape" && this.state.detail) {
            this.close();
        } else if (event.key === "ArrowDown" && isInSearch) {
            event.preventDefault();
            document.querySelector(".online-orders-screen .online-order")?.focus();
        } else if (event.key === "/" && event.target.tagName !== "INPUT") {
            event.preventDefault();
            document.querySelector(".online-orders-screen input[type=search]")?.focus();
        }
    }

    // --- status --- //

    isFinal(order) {
        return isFinal(order.status);
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
        const args = [id, status, seen];
        try {
            if (isFinal(status)) {
                const questions = await onlineOrders.call("get_octopus_cancel_questions", id, seen);
                const reason = await askCancel(dialog, questions);
                if (!reason || !(await askManagerPin(this.pos, dialog, this.notification))) {
                    return;
                }
                args.push(reason);
            }
            const next = status === "completed" && this.nextOpenOrder(id);
            this.showRow(await onlineOrders.call("set_octopus_status", ...args));
            if (status === "completed") {
                this.offerUndo([order]);
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

    /** Say that orders are completed, and offer the way back. */
    offerUndo(orders) {
        this.closeUndo?.();
        const undo = async () => {
            this.closeUndo();
            for (const order of orders) {
                await this.setStatus({ ...order, status: "completed" }, "take_action");
            }
        };
        const message =
            orders.length === 1
                ? _t("%s is completed.", orderTitle(orders[0]))
                : _t("%s orders are completed.", orders.length);
        this.closeUndo = this.notification.add(message, {
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
                this.showDetail(detail);
                // The slip on the packing table has the old quantities. Without a receipt printer
                // the browser would ask how to print.
                if (isApplied && this.printer.device) {
                    await this.print(detail);
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

    /** Return why the server refused a change; throws an error that is no refusal. */
    refusalOf(error) {
        if (error instanceof RPCError && error.exceptionName?.startsWith("odoo.exceptions.")) {
            return error.data.message;
        }
        if (error instanceof ConnectionLostError) {
            return _t("No connection. Try again when it is back.");
        }
        throw error;
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

    // --- packing --- //

    /** A scanner ticks off the goods of the open order, or opens the order whose number it read. */
    async onScanned(code) {
        const { detail } = this.state;
        const found = detail && this.packing.scan(code);
        if (found) {
            if (!found.isTicked) {
                const message = _t("All pieces of %s are packed already.", found.line.name);
                this.notification.add(message, { type: "danger" });
            }
            return;
        }
        try {
            const id = await this.onlineOrders.call("find_octopus_order", code);
            if (id) {
                await this.open({ id });
                return;
            }
        } catch (error) {
            this.handleFailure(error);
            return;
        }
        const goods = this.pos.models["product.product"].find(({ barcode }) => barcode === code);
        const params = { goods: goods?.display_name || code };
        const message = detail
            ? _t("%(goods)s is not in this order.", params)
            : _t("No online order has the number %(goods)s.", params);
        this.notification.add(message, { type: "danger" });
    }

    /** Publish 0 for the product of a line until tomorrow, or take that back. */
    async setSoldOut(line, isSoldOut) {
        const { id } = this.state.detail;
        try {
            const args = [id, line.id, isSoldOut];
            const detail = await this.onlineOrders.call("set_octopus_sold_out", ...args);
            if (this.state.detail?.id === id) {
                this.showDetail(detail);
            }
            const message = isSoldOut
                ? _t("%s is sold out on all channels until tomorrow.", line.name)
                : _t("%s is sold again on all channels.", line.name);
            this.notification.add(message, { type: "success" });
        } catch (error) {
            this.handleRefusal(error);
        }
    }

    // --- several orders --- //

    tickLabel(order) {
        return _t("Select %s", orderTitle(order));
    }

    /** Complete the ticked orders, and say of each that cannot be completed why. */
    async completeSelected() {
        const done = await this.selection.each(
            ({ id, status }) =>
                this.onlineOrders.call("set_octopus_status", id, "completed", status),
            (error) => this.refusalOf(error)
        );
        if (done.length) {
            this.offerUndo(done);
        }
        await this.onlineOrders.refresh();
    }

    async printSelected() {
        const details = [];
        await this.selection.each(
            async ({ id }) => details.push(await this.onlineOrders.call("get_octopus_order", id)),
            (error) => this.refusalOf(error)
        );
        await this.print(...details);
    }

    async print(...orders) {
        if (!orders.length) {
            return;
        }
        if (!(await printTickets(this.printer, orders))) {
            return;
        }
        try {
            const ids = orders.map(({ id }) => id);
            await this.onlineOrders.call("set_octopus_printed", ids);
            await this.reload();
        } catch (error) {
            this.handleFailure(error);
        }
    }
}

registry.category("pos_pages").add("OnlineOrdersScreen", {
    name: "OnlineOrdersScreen",
    component: OnlineOrdersScreen,
    route: ROUTE,
    params: {},
});
