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
    document.querySelector(`.o_form_view .nav-link[name="${tab}"]`)?.click();
    // Try again until the tab is rendered, and until a closing dialog has restored the focus.
    const selector = field
        ? `.o_form_view .o_field_widget[name="${field}"]`
        : ".o_form_view .tab-pane.active";
    const show = (tries) => {
        const place = document.querySelector(selector);
        if (place && !document.querySelector(".modal")) {
            place.scrollIntoView({ block: "center" });
            place.querySelector("input:not([type=checkbox]), select")?.focus();
        } else if (tries) {
            browser.setTimeout(show, WAIT_MS, tries - 1);
        }
    };
    browser.setTimeout(show, WAIT_MS, TRIES);
}
