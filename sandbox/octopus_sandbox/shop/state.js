/* What the sandbox holds, as it was read last, and what of it is looked at. */

import { byId } from "./dom.js";

export const shop = {
    data: { currency: "USD", locations: {}, collections: [], products: [], orders: [] },
    category: "",
};

let version = "";
let draw = () => {};

/** Have the page drawn anew whenever something changes. */
export function whenChanged(callback) {
    draw = callback;
}

export function choose(category) {
    shop.category = category;
    draw();
}

export function money(amount) {
    const format = { style: "currency", currency: shop.data.currency };
    return new Intl.NumberFormat("en", format).format(amount);
}

/** Ask the sandbox what it holds; null when it does not answer. */
async function ask() {
    try {
        const answer = await fetch("/shop/data.json", {
            headers: { "If-None-Match": version },
            cache: "no-store",
        });
        const isNew = answer.status === 200;
        return { isNew, version: answer.headers.get("ETag"), data: isNew && (await answer.json()) };
    } catch {
        return null;
    }
}

/** Read what the sandbox holds; tell in the page's corner whether it answers. */
export async function refresh() {
    const answer = await ask();
    const live = byId("live");
    live.className = answer ? "live on" : "live off";
    live.textContent = answer ? "Live stock" : "Not connected";
    if (answer?.isNew) {
        version = answer.version;
        shop.data = answer.data;
        draw();
    }
}
