import { openTab } from "@linga_octopus/account/open_tab";
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
    todo: _t("To Do"),
    warning: _t("Attention"),
};

/**
 * The setup, step by step: the present step is open, with its fields below (the form has them), the
 * others wait as lines, and what is done is hidden.
 */
export class ChecklistField extends Component {
    static template = "linga_octopus.ChecklistField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.foldKey = `linga_octopus.setup.${this.props.record.resId}`;
        this.state = useState({
            isOpen: browser.localStorage.getItem(this.foldKey),
            isDoneShown: false,
        });
    }

    get items() {
        return this.props.record.data[this.props.name] || [];
    }

    get missing() {
        return this.items.filter((item) => item.state !== "done");
    }

    /** The next item to do: required ones before warnings. */
    get next() {
        return this.missing.find((item) => item.state === "todo") || this.missing[0];
    }

    /** As the user left it; otherwise open while something is missing. */
    get isOpen() {
        const { isOpen } = this.state;
        return isOpen ? isOpen === "open" : this.missing.length > 0;
    }

    get title() {
        const { items, missing } = this;
        return missing.length
            ? _t("Setup: %(done)s of %(total)s done", {
                  done: items.length - missing.length,
                  total: items.length,
              })
            : _t("Setup complete");
    }

    get percent() {
        const { items, missing } = this;
        return Math.round((100 * (items.length - missing.length)) / (items.length || 1));
    }

    get doneText() {
        const count = this.items.length - this.missing.length;
        return this.state.isDoneShown
            ? _t("Hide what is done")
            : _t("Show what is done: %s", count);
    }

    isShown(item) {
        return item.state !== "done" || this.state.isDoneShown;
    }

    icon(item) {
        return ICONS[item.state];
    }

    stateText(item) {
        return STATES[item.state];
    }

    toggle() {
        this.state.isOpen = this.isOpen ? "folded" : "open";
        browser.localStorage.setItem(this.foldKey, this.state.isOpen);
    }

    toggleDone() {
        this.state.isDoneShown = !this.state.isDoneShown;
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
    displayName: _t("Octopus Setup Checklist"),
    supportedTypes: ["json"],
};

registry.category("fields").add("octopus_checklist", checklistField);
