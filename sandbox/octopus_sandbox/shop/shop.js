/* The shop page: shows the data of the sandbox and places orders of a channel's customers. */

import { drawBasket, placeOrder } from "./basket.js";
import { drawCategories } from "./categories.js";
import { CHANNELS } from "./channels.js";
import { byId, make } from "./dom.js";
import { drawOrders } from "./orders.js";
import { drawProducts } from "./products.js";
import { refresh, whenChanged } from "./state.js";

const REFRESH_MS = 2000;

function draw() {
    drawCategories();
    drawProducts();
    drawBasket();
    drawOrders();
}

async function keepFresh() {
    try {
        if (!document.hidden) {
            await refresh();
        }
    } finally {
        setTimeout(keepFresh, REFRESH_MS);
    }
}

function start() {
    byId("channels").append(
        ...Object.entries(CHANNELS).map(([source, { name, color }], index) =>
            make(
                "label",
                {},
                make("input", {
                    type: "radio",
                    name: "channel",
                    value: source,
                    checked: index === 0,
                }),
                make("span", { class: "dot", style: `background: ${color}` }),
                name
            )
        )
    );
    whenChanged(draw);
    byId("search").addEventListener("input", drawProducts);
    byId("order").addEventListener("submit", placeOrder);
    drawBasket();
    keepFresh();
}

start();
