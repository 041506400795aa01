/* Elements of the page, and requests to the sandbox. */

export const byId = (id) => document.getElementById(id);

/** Return a new element; text is inserted as text, never as HTML. */
export function make(tag, attributes = {}, ...children) {
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

export function say(text, isProblem = false) {
    byId("message").textContent = text;
    byId("message").classList.toggle("bad", isProblem);
}

export async function post(url, body) {
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
