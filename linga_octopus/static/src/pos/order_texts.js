/** What the screen says of an online order, in the language of the user. */

import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

/** How long an open order has been waiting, such as "12 min"; nothing of other orders. */
export function ageText(order, now) {
    if (order.status !== "take_action") {
        return "";
    }
    const minutes = minutesSince(order, now);
    if (minutes < 60) {
        return _t("%s min", Math.max(minutes, 0));
    }
    const hours = Math.floor(minutes / 60);
    return hours < 24 ? _t("%s h", hours) : _t("%s d", Math.floor(hours / 24));
}

/**
 * @param {Object} order
 * @param {number} now in milliseconds
 * @param {number} lateMinutes 0: never
 */
export function isLate(order, now, lateMinutes) {
    const isOpen = order.status === "take_action";
    return Boolean(lateMinutes) && isOpen && minutesSince(order, now) >= lateMinutes;
}

function minutesSince(order, now) {
    return Math.floor((now - deserializeDateTime(order.transaction_time).toMillis()) / 60000);
}

/** The day of an order; a day of this year has no year. */
export function dateText(order) {
    const moment = deserializeDateTime(order.transaction_time);
    const isThisYear = moment.hasSame(luxon.DateTime.now(), "year");
    return moment.toLocaleString({
        month: "short",
        day: "numeric",
        year: isThisYear ? undefined : "numeric",
    });
}

export function timeText(order) {
    return deserializeDateTime(order.transaction_time).toLocaleString(luxon.DateTime.TIME_SIMPLE);
}

export function momentText(order) {
    return `${dateText(order)} ${timeText(order)}`;
}

/** The time of a moment of today, else its day as well. */
export function momentOrTime(text) {
    const order = { transaction_time: text };
    const isToday = deserializeDateTime(text).hasSame(luxon.DateTime.now(), "day");
    return isToday ? timeText(order) : momentText(order);
}

export function orderTitle(order) {
    return `${order.third_party_name} ${order.third_party_order_no}`;
}

export function channelClass(order) {
    return `o_badge_color_${order.channel_color}`;
}
