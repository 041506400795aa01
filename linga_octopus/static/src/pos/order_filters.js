import { Component } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;
const KEY = `linga_octopus.filters.${odoo.pos_config_id}`;
const RELATIVE_DAYS = { today: 0, yesterday: 1 };

/** The filters that this device showed last: `channel_id`, `day`, `fulfillment`, `problem`. */
export function storedFilters() {
    try {
        return JSON.parse(browser.localStorage.getItem(KEY)) || {};
    } catch {
        return {};
    }
}

export function storeFilters(filters) {
    browser.localStorage.setItem(KEY, JSON.stringify(filters));
}

export function hasFilters(filters) {
    return Object.values(filters).some(Boolean);
}

/** The filters for the server, with today and yesterday as days. */
export function filtersToSend(filters) {
    const days = RELATIVE_DAYS[filters.day];
    const day = days === undefined ? filters.day : DateTime.now().minus({ days }).toISODate();
    return { ...filters, day };
}

/** Choose which orders the list shows: native fields, for fingers and for the keyboard. */
export class OrderFilters extends Component {
    static template = "linga_octopus.OrderFilters";
    static props = {
        filters: Object,
        /** pairs of value and label by filter */
        choices: Object,
        onChanged: Function,
    };

    get fields() {
        const { choices } = this.props;
        const days = [
            ["today", _t("Today")],
            ["yesterday", _t("Yesterday")],
        ];
        return [
            ["channel_id", _t("Channel"), choices.channel_id || []],
            ["day", _t("Day"), days],
            ["fulfillment", _t("Fulfillment"), choices.fulfillment || []],
            ["problem", _t("Problem"), choices.problem || []],
        ];
    }

    get hasFilters() {
        return hasFilters(this.props.filters);
    }

    /** The day that is neither today nor yesterday. */
    get otherDay() {
        const { day } = this.props.filters;
        return day in RELATIVE_DAYS ? "" : day || "";
    }

    isChosen(name, value) {
        return String(this.props.filters[name] ?? "") === String(value);
    }

    choose(name, text) {
        const value = name === "channel_id" ? Number(text) : text;
        this.props.onChanged({ ...this.props.filters, [name]: value || undefined });
    }
}
