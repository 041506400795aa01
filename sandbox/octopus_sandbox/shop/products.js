/* The products of the chosen category, with their stock. */

import { changeBasket } from "./basket.js";
import { collectionIds } from "./categories.js";
import { byId, make } from "./dom.js";
import { money, shop } from "./state.js";

const FEW = 5;
const SHOWN = 300;

const cards = new Map(); // product id -> {signature, element}
const levels = new Map(); // sku -> quantity when it was last drawn
const chosen = new Map(); // product id -> sku

function stockBadge(variant) {
    const places = Object.entries(variant.levels);
    const hint = places.map(([id, n]) => `${shop.data.locations[id]}: ${n}`).join("\n");
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

/** Return the card of a product; keep the card on the page when nothing in it changed. */
function currentCard(product) {
    const signature = JSON.stringify([product, chosen.get(product.id), shop.data.currency]);
    const known = cards.get(product.id);
    if (known?.signature === signature) {
        return known.element;
    }
    const element = card(product);
    cards.set(product.id, { signature, element });
    return element;
}

function wantedProducts() {
    const ids = shop.category ? collectionIds(shop.category) : null;
    const words = byId("search").value.trim().toLowerCase();
    return shop.data.products.filter((product) => {
        if (ids && !product.collections.some((id) => ids.has(id))) {
            return false;
        }
        const text = [product.title, ...product.variants.map((variant) => variant.sku)];
        return text.join(" ").toLowerCase().includes(words);
    });
}

export function drawProducts() {
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
    byId("title").textContent = shop.category || "All products";
    byId("count").textContent =
        shown.length < wanted.length
            ? `first ${shown.length} of ${wanted.length}: search for more`
            : `${wanted.length}`;
    byId("empty").hidden = Boolean(wanted.length);
    byId("empty").textContent = shop.data.products.length
        ? "Nothing here. Choose another category or search for something else."
        : "No products yet. Send the catalog from the connected store: it appears here by itself.";
}
