import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    done: "fa-check-circle text-success",
    todo: "fa-circle-o text-muted",
    warning: "fa-exclamation-triangle text-warning",
};

const STATES = {
    done: _t("Done"),
    todo: _t("To do"),
    warning: _t("Attention"),
};

const WAIT_MS = 100;
const TRIES = 20;

/**
 * Open a tab of the settings page and bring a field of it, or its first, before the eye.
 *
 * @param {string} tab
 * @param {string} [field]
 */
export function openTab(tab, field) {
    document.querySelector(`.o_form_view .nav-link[name="${tab}"]`)?.click();
    // The tab shows its fields at a later rendering, and a dialog that has just closed puts the
    // focus back where it was.
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

/** What the set-up still needs, each item with its fix; folded up when nothing is missing. */
export class ChecklistField extends Component {
    static template = "linga_octopus.ChecklistField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ isOpen: null });
    }

    get items() {
        return this.props.record.data[this.props.name] || [];
    }

    get missing() {
        return this.items.filter((item) => item.state !== "done");
    }

    /** The one to do next; what the store can do without comes last. */
    get next() {
        return this.missing.find((item) => item.state === "todo") || this.missing[0];
    }

    get isOpen() {
        return this.state.isOpen ?? this.missing.length > 0;
    }

    get title() {
        const { items, missing } = this;
        return missing.length
            ? _t("Set-up: %(done)s of %(total)s done", {
                  done: items.length - missing.length,
                  total: items.length,
              })
            : _t("Set-up complete");
    }

    get percent() {
        const { items, missing } = this;
        return Math.round((100 * (items.length - missing.length)) / (items.length || 1));
    }

    icon(item) {
        return ICONS[item.state];
    }

    stateText(item) {
        return STATES[item.state];
    }

    toggle() {
        this.state.isOpen = !this.isOpen;
    }

    async fix({ fix }) {
        if (fix.tab) {
            openTab(fix.tab, fix.field);
        } else if (fix.action) {
            await this.action.doAction(fix.action);
        } else {
            const { record } = this.props;
            if (await record.save()) {
                const action = await this.orm.call(record.resModel, fix.method, [[record.resId]]);
                await this.action.doAction(action);
            }
        }
    }
}

export const checklistField = {
    component: ChecklistField,
    displayName: _t("Octopus Set-up Checklist"),
    supportedTypes: ["json"],
};

registry.category("fields").add("octopus_checklist", checklistField);
