/* The tree of categories. */

import { byId, make } from "./dom.js";
import { choose, shop } from "./state.js";

function isInside(title, parent) {
    return title === parent || title.startsWith(`${parent} > `);
}

export function collectionIds(parent) {
    const inside = shop.data.collections.filter((entry) => isInside(entry.title, parent));
    return new Set(inside.map((entry) => entry.id));
}

/** Return every title with all of its parents, sorted so that children follow their parent. */
function categoryTitles() {
    const titles = new Set();
    for (const { title } of shop.data.collections) {
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
                "aria-current": String(shop.category === title),
                style: `--depth: ${depth}`,
                onclick: () => choose(title),
            },
            make("span", {}, label),
            make("span", {}, String(count))
        )
    );
}

export function drawCategories() {
    const entries = categoryTitles().map((title) => {
        const parts = title.split(" > ");
        const ids = collectionIds(title);
        const count = shop.data.products.filter((p) => p.collections.some((id) => ids.has(id))).length;
        return categoryButton(title, parts.at(-1), parts.length - 1, count);
    });
    byId("categories").replaceChildren(
        categoryButton("", "All products", 0, shop.data.products.length),
        ...entries
    );
}
