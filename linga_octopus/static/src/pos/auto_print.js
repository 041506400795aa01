import { printQuietly } from "@linga_octopus/pos/order_printer";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { delay } from "@web/core/utils/concurrency";
import { effect } from "@web/core/utils/reactive";
import { batched } from "@web/core/utils/timing";

// The printer is tried again after this time; another Point of Sale may print meanwhile.
const PAUSE_MS = 60000;
// How often to look whether the printer is free, while the Point of Sale prints a receipt.
const BUSY_MS = 500;

/**
 * Prints the packing slips of new online orders on the receipt printer, without a dialog: a printer
 * that fails is a bar. The server decides which Point of Sale prints an order. Without a printer
 * nothing is taken.
 */
export class AutoPrint {
    static dependencies = [
        "octopus_online_orders",
        "hardware_proxy",
        "renderer",
        "notification",
        "printer",
    ];

    constructor(env, services) {
        this.setup(env, services);
    }

    setup(env, { octopus_online_orders, hardware_proxy, renderer, notification, printer }) {
        this.onlineOrders = octopus_online_orders;
        this.hardwareProxy = hardware_proxy;
        this.renderer = renderer;
        this.notification = notification;
        this.printer = printer;

        this.isPrinting = false;
        this.pausedUntil = 0;
        /** Orders that are printed, as long as the server does not know it. */
        this.unsaid = new Set();
        /** The newest order whose failure the cashier has seen and closed. */
        this.dismissedId = 0;
        this.closeBar = null;
    }

    start() {
        effect(
            batched(({ revision, hasToPrint }) => this.look(hasToPrint)),
            [this.onlineOrders]
        );
    }

    async look(hasToPrint) {
        if (!hasToPrint) {
            this.removeBar();
        }
        const isReady = this.hardwareProxy.printer && Date.now() >= this.pausedUntil;
        if (this.isPrinting || !isReady || !(hasToPrint || this.unsaid.size)) {
            return;
        }
        this.isPrinting = true;
        try {
            let hasMore = true;
            while (hasMore) {
                hasMore = await this.printNext();
            }
        } finally {
            this.isPrinting = false;
        }
    }

    /** Claim the next orders and print them; return whether to go on. */
    async printNext() {
        if (this.unsaid.size && !(await this.sayPrinted())) {
            return false;
        }
        const orders = await this.onlineOrders.callInBackground("claim_octopus_prints");
        for (const [index, order] of (orders || []).entries()) {
            if (!(await this.print(order))) {
                await this.fail(orders.slice(index));
                return false;
            }
            this.removeBar();
            this.unsaid.add(order.id);
            await this.sayPrinted();
        }
        return Boolean(orders?.length);
    }

    async print(order) {
        while (this.printer.state.isPrinting) {
            await delay(BUSY_MS);
        }
        try {
            return await printQuietly(this.renderer, this.hardwareProxy.printer, order);
        } catch {
            return false;
        }
    }

    /** Tell the server what is printed; what it does not hear is said again before the next one. */
    async sayPrinted() {
        const ids = [...this.unsaid];
        const isSaid = await this.onlineOrders.callInBackground("set_octopus_printed", ids);
        if (isSaid) {
            ids.forEach((id) => this.unsaid.delete(id));
        }
        return isSaid;
    }

    async fail(orders) {
        this.pausedUntil = Date.now() + PAUSE_MS;
        this.showBar(orders);
        const ids = orders.map(({ id }) => id);
        await this.onlineOrders.callInBackground("set_octopus_not_printed", ids);
    }

    // --- bar --- //

    showBar(orders) {
        const newestId = Math.max(...orders.map(({ id }) => id));
        if (newestId <= this.dismissedId) {
            return;
        }
        this.removeBar();
        const message =
            orders.length === 1
                ? _t("1 online order was not printed. Check the printer.")
                : _t("%s online orders were not printed. Check the printer.", orders.length);
        this.closeBar = this.notification.add(message, {
            type: "warning",
            sticky: true,
            className: "o_octopus_not_printed",
            buttons: [{ name: _t("Print Again"), onClick: () => this.tryAgain() }],
            onClose: () => this.closeBar && this.dismiss(newestId),
        });
    }

    removeBar() {
        const closeBar = this.closeBar;
        this.closeBar = null;
        closeBar?.();
    }

    /** Closed by the cashier: it stays away until a newer order fails. */
    dismiss(newestId) {
        this.closeBar = null;
        this.dismissedId = newestId;
    }

    tryAgain() {
        this.removeBar();
        this.pausedUntil = 0;
        return this.look(true);
    }
}

export const autoPrintService = {
    dependencies: AutoPrint.dependencies,
    start(env, services) {
        const autoPrint = new AutoPrint(env, services);
        autoPrint.start();
        return autoPrint;
    },
};

registry.category("services").add("octopus_auto_print", autoPrintService);
