import { askShipment } from "@linga_octopus/pos/ship_dialog";
import { orderTitle } from "@linga_octopus/pos/order_texts";
import { _t } from "@web/core/l10n/translation";

/**
 * How goods reach the customer at the Point of Sale: shipped, ready for pickup, handed over.
 *
 * @param {OnlineOrdersScreen} screen
 */
export class Handover {
    constructor(screen) {
        this.screen = screen;
    }

    /** Ask how the goods of an order leave, and say so to the server. */
    async ship(order, kind) {
        const { screen } = this;
        await this.change(order, async () => {
            const shipping = await screen.onlineOrders.call("get_octopus_shipping", order.id);
            const number = orderTitle(order);
            const title = kind === "counter" ? _t("Hand over %s", number) : _t("Ship %s", number);
            const values = await askShipment(screen.dialog, title, kind, shipping);
            return values && screen.onlineOrders.call("ship_octopus_order", order.id, values);
        });
    }

    /** Say that the goods wait for the customer, or take that back. */
    async setReady(order, isReady) {
        await this.change(order, () =>
            this.screen.onlineOrders.call("set_octopus_ready", order.id, isReady)
        );
    }

    /** Show an order as the server has it after a change. */
    async change(order, call) {
        const { screen } = this;
        try {
            const detail = await call();
            if (!detail) {
                return;
            }
            screen.showRow(detail);
            if (screen.state.detail?.id === order.id) {
                screen.showDetail(detail);
            }
            await screen.onlineOrders.refresh();
        } catch (error) {
            screen.handleRefusal(error);
        }
    }
}
