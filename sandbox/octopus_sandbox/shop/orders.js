/* The latest orders, and cancelling one as its customer. */

import { CHANNELS } from "./channels.js";
import { byId, make, post, say } from "./dom.js";
import { money, refresh, shop } from "./state.js";

const STATUS_KIND = { paid: "good", pending: "warn", cancelled: "bad" };

async function cancelOrder(order) {
    try {
        await post(`/_sandbox/orders/${order.id}/cancel`, { reason: "customer" });
    } catch (error) {
        say(`The order was not cancelled: ${error.message}`, true);
    }
    await refresh();
}

function spellTime(text) {
    return new Date(text.replace("-00:00", "Z")).toLocaleTimeString();
}

function orderEntry(order) {
    const channel = CHANNELS[order.source] ?? { name: order.source, color: "#888" };
    const facts = [channel.name, spellTime(order.created_at), money(order.total)];
    const tags = order.tags.split(",").filter((tag) => tag.trim());
    const status = order.status.toLowerCase();
    const cancel = make("button", { class: "link", onclick: () => cancelOrder(order) }, "Cancel");
    return make(
        "li",
        {},
        make(
            "div",
            { class: "row" },
            make(
                "span",
                { class: "who" },
                make("span", { class: "dot", style: `background: ${channel.color}` }),
                `${order.name} ${order.customer}`
            ),
            make(
                "span",
                { class: `badge ${STATUS_KIND[status] ?? ""}` },
                status.replaceAll("_", " ")
            )
        ),
        make("div", { class: "lines" }, order.lines.join(", ")),
        ...order.parcels.map((parcel) =>
            make(
                "div",
                { class: "lines parcel" },
                "Shipped: ",
                parcel.url
                    ? make("a", { href: parcel.url, target: "_blank" }, parcel.text)
                    : parcel.text
            )
        ),
        make(
            "div",
            { class: "tags" },
            ...tags.map((tag) => make("span", { class: "badge" }, tag.trim()))
        ),
        make(
            "div",
            { class: "row" },
            make("span", {}, facts.join(" · ")),
            ...(status === "cancelled" ? [] : [cancel])
        )
    );
}

export function drawOrders() {
    byId("orders").replaceChildren(...shop.data.orders.map(orderEntry));
    byId("orders-empty").hidden = Boolean(shop.data.orders.length);
}
