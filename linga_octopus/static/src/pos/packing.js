import { browser } from "@web/core/browser/browser";
import { Reactive } from "@web/core/utils/reactive";

const KEY = `linga_octopus.packed.${odoo.pos_config_id}`;
const MAX_ORDERS = 100;

/** What the packer of an order has to know: when it changes, packing begins again. */
function stampOf(order) {
    return JSON.stringify(order.lines.map((line) => [line.id, line.product_id, line.to_pack]));
}

function readAll() {
    try {
        return JSON.parse(browser.localStorage.getItem(KEY)) || {};
    } catch {
        return {};
    }
}

/** Which pieces of an order are packed, kept on this device. */
export class Packing extends Reactive {
    constructor(order) {
        super();
        this.order = order;
        this.counts = {};
        this.load(order);
    }

    /** Show another order, or the same one as the server has it now. */
    load(order) {
        const saved = readAll()[order.id];
        const isValid = saved?.stamp === stampOf(order);
        this.order = order;
        this.counts = isValid ? saved.counts : {};
    }

    get lines() {
        return this.order.lines.filter((line) => line.to_pack > 0);
    }

    packed(line) {
        return Math.min(this.counts[line.id] || 0, line.to_pack);
    }

    isPacked(line) {
        return line.to_pack > 0 && this.packed(line) >= line.to_pack;
    }

    get packedPieces() {
        return this.lines.reduce((sum, line) => sum + this.packed(line), 0);
    }

    get isComplete() {
        return this.lines.length > 0 && this.lines.every((line) => this.isPacked(line));
    }

    toggle(line) {
        this.set(line, this.isPacked(line) ? 0 : line.to_pack);
    }

    /**
     * Pack one piece of what a scanner read.
     *
     * @returns {{line: Object, isTicked: boolean}|null} the line, and whether a piece of it was
     *     still to pack; null: no line is about it
     */
    scan(code) {
        const lines = this.lines.filter((line) => line.codes.includes(code));
        const line = lines.find((line) => !this.isPacked(line));
        if (line) {
            this.set(line, this.packed(line) + 1);
        }
        return lines.length ? { line: line || lines[0], isTicked: Boolean(line) } : null;
    }

    set(line, count) {
        this.counts[line.id] = count;
        const all = readAll();
        delete all[this.order.id];
        all[this.order.id] = { stamp: stampOf(this.order), counts: { ...this.counts } };
        const kept = Object.entries(all)
            .sort(([one], [other]) => one - other)
            .slice(-MAX_ORDERS);
        browser.localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
    }
}
