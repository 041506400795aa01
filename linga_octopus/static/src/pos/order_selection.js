import { orderTitle } from "@linga_octopus/pos/order_texts";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Reactive } from "@web/core/utils/reactive";

/** The orders that are ticked, and why something failed for some of them. */
export class OrderSelection extends Reactive {
    constructor() {
        super();
        this.orders = new Map();
        this.failures = new Map();
        this.isBusy = false;
    }

    has({ id }) {
        return this.orders.has(id);
    }

    toggle(order) {
        this.has(order) ? this.remove(order) : this.orders.set(order.id, { ...order });
        this.failures.delete(order.id);
    }

    remove({ id }) {
        this.orders.delete(id);
        this.failures.delete(id);
    }

    clear() {
        this.orders.clear();
        this.failures.clear();
    }

    /**
     * Do something with each ticked order, one after the other. What went well is not ticked any
     * more, what failed stays ticked with its reason.
     *
     * @param {(order: Object) => Promise} action throws an error with a message for users
     * @param {(error: Error) => string} reasonOf the sentence of an error; throws other errors
     * @returns {Promise<Object[]>} the orders for which it went well
     */
    async each(action, reasonOf) {
        const done = [];
        this.isBusy = true;
        try {
            for (const order of [...this.orders.values()]) {
                try {
                    await action(order);
                    this.remove(order);
                    done.push(order);
                } catch (error) {
                    this.failures.set(order.id, reasonOf(error));
                }
            }
        } finally {
            this.isBusy = false;
        }
        return done;
    }
}

/** What to do with the ticked orders. */
export class SelectionBar extends Component {
    static template = "linga_octopus.SelectionBar";
    static props = { selection: Object, onCompleted: Function, onPrinted: Function };

    get selection() {
        return this.props.selection;
    }

    get countText() {
        const count = this.selection.orders.size;
        return count === 1 ? _t("1 order selected") : _t("%s orders selected", count);
    }

    get failures() {
        return [...this.selection.failures].map(([id, reason]) => ({
            id,
            title: orderTitle(this.selection.orders.get(id)),
            reason,
        }));
    }
}
