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

/** Read what the sandbox holds; tell in the page's corner whether it answers. */
export async function refresh() {
    const live = byId("live");
    try {
        const answer = await fetch("/shop/data.json", {
            headers: { "If-None-Match": version },
            cache: "no-store",
        });
        if (answer.status === 200) {
            version = answer.headers.get("ETag");
            shop.data = await answer.json();
            draw();
        }
        live.className = "live on";
        live.textContent = "Live stock";
    } catch {
        live.className = "live off";
        live.textContent = "Not connected";
    }
}
