import { browser } from "@web/core/browser/browser";

const WAIT_MS = 100;
const TRIES = 20;

/**
 * Open a tab of the settings page, and scroll to a field of it and focus it.
 *
 * @param {string} tab
 * @param {string} [field] the first one by default
 */
export function openTab(tab, field) {
    // The form may still be loading.
    const open = (tries) => {
        const link = document.querySelector(`.o_form_view .nav-link[name="${tab}"]`);
        if (link) {
            link.click();
            focusField(".o_form_view .tab-pane.active", field);
        } else if (tries) {
            browser.setTimeout(open, WAIT_MS, tries - 1);
        }
    };
    open(TRIES);
}

/**
 * Scroll to a field and focus it, as soon as it is there.
 *
 * @param {string} place selector of what the field is in
 * @param {string} [field] the place itself by default
 */
export function focusField(place, field) {
    // Try again until it is rendered, and until a closing dialog has restored the focus.
    const selector = field ? `${place} .o_field_widget[name="${field}"]` : place;
    const show = (tries) => {
        const found = document.querySelector(selector);
        if (found && !document.querySelector(".modal")) {
            found.scrollIntoView({ block: "nearest" });
            found.querySelector("input:not([type=checkbox]), select")?.focus();
        } else if (tries) {
            browser.setTimeout(show, WAIT_MS, tries - 1);
        }
    };
    browser.setTimeout(show, WAIT_MS, TRIES);
}
