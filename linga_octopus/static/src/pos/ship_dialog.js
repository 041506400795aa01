import { useOrderScan } from "@linga_octopus/pos/order_scan";
import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

/** Ask how goods leave: carrier, tracking numbers and pieces; at the counter, who takes them. */
export class ShipDialog extends Component {
    static template = "linga_octopus.ShipDialog";
    static components = { Dialog };
    static props = {
        title: String,
        /** "parcel" or "counter" */
        kind: String,
        /** answer of `pos.config.get_octopus_shipping` */
        shipping: Object,
        confirm: Function,
        close: Function,
    };

    setup() {
        const { carrier, handed_to, lines } = this.props.shipping;
        this.state = useState({
            carrier: carrier || "",
            handedTo: handed_to || "",
            numbers: [],
            typed: "",
            pieces: Object.fromEntries(lines.map(({ id, left }) => [id, left])),
        });
        const first = useRef("first");
        onMounted(() => first.el?.focus());
        // Scanners that are no keyboard.
        useOrderScan((code) => this.addNumbers(code));
    }

    get isCounter() {
        return this.props.kind === "counter";
    }

    get confirmLabel() {
        return this.isCounter ? _t("Handed Over") : _t("Ship");
    }

    get isEmpty() {
        return !Object.values(this.state.pieces).some((pieces) => pieces > 0);
    }

    addNumbers(text) {
        const numbers = text.split(/[,;\s]+/).filter(Boolean);
        this.state.numbers = [...new Set([...this.state.numbers, ...numbers])];
    }

    takeTyped() {
        this.addNumbers(this.state.typed);
        this.state.typed = "";
    }

    /** Enter, which scanners send after a code, adds the number and does not ship. */
    onNumberKeydown(event) {
        if (event.key === "Enter") {
            event.preventDefault();
            event.stopPropagation();
            this.takeTyped();
            // A scanner types the next code before the dialog is drawn anew.
            event.target.value = "";
        }
    }

    removeNumber(number) {
        this.state.numbers = this.state.numbers.filter((each) => each !== number);
    }

    setPieces(line, text) {
        this.state.pieces[line.id] = Math.min(Math.max(Number(text) || 0, 0), line.left);
    }

    confirm() {
        this.takeTyped();
        const { carrier, handedTo, numbers, pieces } = this.state;
        this.props.confirm(
            this.isCounter
                ? { kind: "counter", handed_to: handedTo, pieces }
                : { kind: "parcel", carrier, numbers: [...numbers], pieces }
        );
        this.props.close();
    }
}

/**
 * @param {Object} dialogService
 * @param {string} title
 * @param {string} kind "parcel" or "counter"
 * @param {Object} shipping answer of `pos.config.get_octopus_shipping`
 * @returns {Promise<Object|false>} values for `pos.config.ship_octopus_order`
 */
export function askShipment(dialogService, title, kind, shipping) {
    return new Promise((resolve) => {
        const props = { title, kind, shipping, confirm: resolve };
        dialogService.add(ShipDialog, props, { onClose: () => resolve(false) });
    });
}
