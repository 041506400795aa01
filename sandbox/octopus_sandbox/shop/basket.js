/* The basket, and placing its order. */

import { byId, make, post, say } from "./dom.js";
import { money, refresh, shop } from "./state.js";

const basket = new Map(); // sku -> quantity

export function changeBasket(sku, step) {
    const quantity = (basket.get(sku) ?? 0) + step;
    if (quantity > 0) {
        basket.set(sku, quantity);
    } else {
        basket.delete(sku);
    }
    say("");
    drawBasket();
}

function basketLines() {
    const lines = [];
    for (const product of shop.data.products) {
        for (const variant of product.variants) {
            if (basket.has(variant.sku) && !lines.some((line) => line.sku === variant.sku)) {
                const title = [product.title, variant.title].filter(Boolean).join(", ");
                lines.push({ ...variant, title, quantity: basket.get(variant.sku) });
            }
        }
    }
    return lines;
}

export function drawBasket() {
    const lines = basketLines();
    const step = (line, sign, by) =>
        make(
            "button",
            {
                type: "button",
                "aria-label": `${by < 0 ? "One less" : "One more"}: ${line.title}`,
                onclick: () => changeBasket(line.sku, by),
            },
            sign
        );
    byId("basket").replaceChildren(
        ...lines.map((line) =>
            make(
                "li",
                {},
                make("div", { class: "name" }, line.title),
                make("div", { class: "sku" }, money(line.price * line.quantity)),
                make(
                    "div",
                    { class: "stepper" },
                    step(line, "−", -1),
                    make("span", {}, String(line.quantity)),
                    step(line, "+", 1)
                )
            )
        )
    );
    byId("basket-empty").hidden = Boolean(lines.length);
    const total = lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
    byId("total").textContent = money(total);
    byId("send").disabled = !lines.length;
    const pieces = lines.reduce((sum, line) => sum + line.quantity, 0);
    byId("to-basket").textContent = pieces ? `Basket (${pieces})` : "Basket";
}

export async function placeOrder(ev) {
    ev.preventDefault();
    const [first, ...rest] = byId("customer").value.trim().split(/\s+/);
    const mailbox = [first, ...rest].join(".").toLowerCase();
    byId("send").disabled = true;
    try {
        const order = await post("/shop/orders", {
            source: new FormData(byId("order")).get("channel"),
            customer: {
                first_name: first,
                last_name: rest.join(" "),
                email: `${mailbox}@example.com`,
            },
            lines: basketLines().map(({ sku, quantity }) => ({ sku, quantity })),
        });
        basket.clear();
        say(`Order ${order.name} is placed.`);
    } catch (error) {
        say(`The order was not placed: ${error.message}`, true);
    }
    drawBasket();
    await refresh();
}
