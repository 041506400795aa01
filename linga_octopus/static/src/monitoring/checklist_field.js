import { openTab } from "@linga_octopus/account/open_tab";
import { Component, useState } from "@odoo/owl";
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

/** The setup checklist: each item with its state and fix, folded when nothing is missing. */
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

    /** The next item to do: required ones before warnings. */
    get next() {
        return this.missing.find((item) => item.state === "todo") || this.missing[0];
    }

    get isOpen() {
        return this.state.isOpen ?? this.missing.length > 0;
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
    displayName: _t("Octopus Setup Checklist"),
    supportedTypes: ["json"],
};

registry.category("fields").add("octopus_checklist", checklistField);
