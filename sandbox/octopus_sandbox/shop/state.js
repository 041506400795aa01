/* The data of the sandbox as last read, and the part that the page shows. */

import { byId } from "./dom.js";

export const shop = {
    data: { currency: "USD", locations: {}, collections: [], products: [], orders: [] },
    category: "",
};

let version = "";
let draw = () => {};

/** Draw the page again whenever something changes. */
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

/** Read the data of the sandbox; null when it does not answer. */
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

/** Read the data of the sandbox; show in the page's corner whether it answers. */
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
