/* The shop page: shows what the sandbox holds and places orders as a channel's customer would. */

const CHANNELS = {
    SHOPIFY: { name: "Shopify", colour: "#5e8e3e" },
    AMAZON: { name: "Amazon", colour: "#ff9900" },
    BIGCOMMERCE: { name: "BigCommerce", colour: "#34313f" },
    WOOCOMMERCE: { name: "WooCommerce", colour: "#7f54b3" },
    EBAY: { name: "eBay", colour: "#e53238" },
    WALMART: { name: "Walmart", colour: "#0071dc" },
};
const REFRESH_MS = 2000;
const FEW = 5;
const SHOWN = 300;

const byId = (id) => document.getElementById(id);
const cards = new Map(); // product id -> {signature, element}
const levels = new Map(); // sku -> quantity when it was last drawn
const basket = new Map(); // sku -> quantity
const chosen = new Map(); // product id -> sku

let data = { currency: "USD", locations: {}, collections: [], products: [], orders: [] };
let version = "";
let category = "";

/** Return a new element; text always goes in as text, never as HTML. */
function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) {
            element.addEventListener(name.slice(2), value);
        } else if (value !== false && value !== null) {
            element.setAttribute(name, value === true ? "" : value);
        }
    }
    element.append(...children);
    return element;
}

function money(amount) {
    const format = { style: "currency", currency: data.currency };
    return new Intl.NumberFormat("en", format).format(amount);
}

// === Categories === //

function isInside(title, parent) {
    return title === parent || title.startsWith(`${parent} > `);
}

function collectionIds(parent) {
    const inside = data.collections.filter((entry) => isInside(entry.title, parent));
    return new Set(inside.map((entry) => entry.id));
}

/** Return every title with all of its parents, sorted so that children follow their parent. */
function categoryTitles() {
    const titles = new Set();
    for (const { title } of data.collections) {
        const parts = title.split(" > ");
        parts.forEach((_part, index) => titles.add(parts.slice(0, index + 1).join(" > ")));
    }
    const key = (title) => title.replaceAll(" > ", "\u0001");
    return [...titles].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function categoryButton(title, label, depth, count) {
    return make(
        "li",
        {},
        make(
            "button",
            {
                "aria-current": String(category === title),
                style: `--depth: ${depth}`,
                onclick: () => {
                    category = title;
                    draw();
                },
            },
            make("span", {}, label),
            make("span", {}, String(count))
        )
    );
}

function drawCategories() {
    const entries = categoryTitles().map((title) => {
        const parts = title.split(" > ");
        const ids = collectionIds(title);
        const count = data.products.filter((p) => p.collections.some((id) => ids.has(id))).length;
        return categoryButton(title, parts.at(-1), parts.length - 1, count);
    });
    byId("categories").replaceChildren(
        categoryButton("", "All products", 0, data.products.length),
        ...entries
    );
}

// === Products === //

function stockBadge(variant) {
    const places = Object.entries(variant.levels);
    const hint = places.map(([id, n]) => `${data.locations[id]}: ${n}`).join("\n");
    let [kind, text] = ["", "Not tracked"];
    if (variant.tracked || variant.available !== null) {
        const count = variant.available ?? 0;
        kind = count > FEW ? "good" : count > 0 ? "warn" : "bad";
        text = variant.available === null ? "No stock yet" : `${count} in stock`;
        if (count <= 0 && variant.sell_on) {
            [kind, text] = ["warn", `${count} in stock, backorder`];
        }
    }
    const before = levels.get(variant.sku);
    levels.set(variant.sku, variant.available);
    const changed = before !== undefined && before !== variant.available ? " changed" : "";
    return make("span", { class: `badge ${kind}${changed}`, title: hint }, text);
}

function canBeOrdered(variant) {
    return !variant.tracked || variant.sell_on || (variant.available ?? 0) > 0;
}

function chosenVariant(product) {
    const { variants } = product;
    return variants.find((variant) => variant.sku === chosen.get(product.id)) ?? variants[0];
}

function variantChoice(product) {
    if (product.variants.length < 2) {
        return [];
    }
    const current = chosenVariant(product);
    const options = product.variants.map((variant) =>
        make(
            "option",
            { value: variant.sku, selected: variant === current },
            variant.title || variant.sku
        )
    );
    const onchange = (ev) => {
        chosen.set(product.id, ev.target.value);
        drawProducts();
    };
    return [make("select", { "aria-label": product.options.join(", "), onchange }, ...options)];
}

function picture(product) {
    if (product.picture) {
        const image = make("img", { src: product.picture, alt: product.title, loading: "lazy" });
        return make("div", { class: "picture" }, image);
    }
    const letter = product.title.trim().charAt(0).toUpperCase();
    return make("div", { class: "picture none", "aria-hidden": "true" }, letter);
}

function card(product) {
    const variant = chosenVariant(product);
    return make(
        "article",
        { class: "card" },
        picture(product),
        make(
            "div",
            { class: "body" },
            make(
                "div",
                {},
                make("div", { class: "name" }, product.title),
                make("div", { class: "sku" }, variant.sku)
            ),
            ...variantChoice(product),
            stockBadge(variant),
            make(
                "div",
                { class: "foot" },
                make("span", { class: "price" }, money(variant.price)),
                make(
                    "button",
                    {
                        class: "add",
                        disabled: !canBeOrdered(variant),
                        "aria-label": `Add ${product.title} to the basket`,
                        onclick: () => changeBasket(variant.sku, 1),
                    },
                    canBeOrdered(variant) ? "Add" : "Sold out"
                )
            )
        )
    );
}

/** Return the card of a product: the one that is on the page already when nothing in it changed. */
function currentCard(product) {
    const signature = JSON.stringify([product, chosen.get(product.id), data.currency]);
    const known = cards.get(product.id);
    if (known?.signature === signature) {
        return known.element;
    }
    const element = card(product);
    cards.set(product.id, { signature, element });
    return element;
}

function wantedProducts() {
    const ids = category ? collectionIds(category) : null;
    const words = byId("search").value.trim().toLowerCase();
    return data.products.filter((product) => {
        if (ids && !product.collections.some((id) => ids.has(id))) {
            return false;
        }
        const text = [product.title, ...product.variants.map((variant) => variant.sku)];
        return text.join(" ").toLowerCase().includes(words);
    });
}

function drawProducts() {
    const wanted = wantedProducts();
    const shown = wanted.slice(0, SHOWN);
    const elements = shown.map(currentCard);
    const grid = byId("products");
    const same =
        grid.children.length === elements.length &&
        elements.every((element, index) => grid.children[index] === element);
    if (!same) {
        grid.replaceChildren(...elements);
    }
    byId("title").textContent = category || "All products";
    byId("count").textContent =
        shown.length < wanted.length
            ? `first ${shown.length} of ${wanted.length}: search for more`
            : `${wanted.length}`;
    byId("empty").hidden = Boolean(wanted.length);
    byId("empty").textContent = data.products.length
        ? "Nothing here. Choose another category or search for something else."
        : "No products yet. Send the catalogue from the connected store: it appears here by itself.";
}

// === Basket === //

function changeBasket(sku, step) {
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
    for (const product of data.products) {
        for (const variant of product.variants) {
            if (basket.has(variant.sku) && !lines.some((line) => line.sku === variant.sku)) {
                const title = [product.title, variant.title].filter(Boolean).join(", ");
                lines.push({ ...variant, title, quantity: basket.get(variant.sku) });
            }
        }
    }
    return lines;
}

function drawBasket() {
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

function say(text, isProblem = false) {
    byId("message").textContent = text;
    byId("message").classList.toggle("bad", isProblem);
}

async function post(url, body) {
    const answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
    });
    const result = await answer.json();
    if (!answer.ok) {
        throw new Error(result.error.message);
    }
    return result;
}

async function placeOrder(ev) {
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

// === Orders === //

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
    const channel = CHANNELS[order.source] ?? { name: order.source, colour: "#888" };
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
                make("span", { class: "dot", style: `background: ${channel.colour}` }),
                `${order.name} ${order.customer}`
            ),
            make(
                "span",
                { class: `badge ${STATUS_KIND[status] ?? ""}` },
                status.replaceAll("_", " ")
            )
        ),
        make("div", { class: "lines" }, order.lines.join(", ")),
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

function drawOrders() {
    byId("orders").replaceChildren(...data.orders.map(orderEntry));
    byId("orders-empty").hidden = Boolean(data.orders.length);
}

// === Page === //

function draw() {
    drawCategories();
    drawProducts();
    drawBasket();
    drawOrders();
}

async function refresh() {
    const live = byId("live");
    try {
        const answer = await fetch("/shop/data.json", {
            headers: { "If-None-Match": version },
            cache: "no-store",
        });
        if (answer.status === 200) {
            version = answer.headers.get("ETag");
            data = await answer.json();
            draw();
        }
        live.className = "live on";
        live.textContent = "Live stock";
    } catch {
        live.className = "live off";
        live.textContent = "Not connected";
    }
}

async function keepFresh() {
    if (!document.hidden) {
        await refresh();
    }
    setTimeout(keepFresh, REFRESH_MS);
}

function start() {
    byId("channels").append(
        ...Object.entries(CHANNELS).map(([source, { name, colour }], index) =>
            make(
                "label",
                {},
                make("input", {
                    type: "radio",
                    name: "channel",
                    value: source,
                    checked: index === 0,
                }),
                make("span", { class: "dot", style: `background: ${colour}` }),
                name
            )
        )
    );
    byId("search").addEventListener("input", drawProducts);
    byId("order").addEventListener("submit", placeOrder);
    drawBasket();
    keepFresh();
}

start();
