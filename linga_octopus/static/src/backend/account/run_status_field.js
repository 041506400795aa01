import { Component } from "@odoo/owl";
import { comingMoment } from "@linga_octopus/backend/live/coming_moment";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COLORS = {
    queued: "text-bg-info",
    running: "text-bg-info",
    waiting: "text-bg-warning",
    done: "text-bg-success",
    partial: "text-bg-warning",
    failed: "text-bg-danger",
    stopped: "text-bg-secondary",
};
const OPEN_STATES = ["queued", "running", "waiting"];

/** The latest pass of one kind: under way with its progress, or ended with its result. */
export class RunStatusField extends Component {
    static template = "linga_octopus.RunStatusField";
    static props = { ...standardFieldProps, kind: String, named: Boolean };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get pass() {
        return this.props.record.data[this.props.name]?.[this.props.kind];
    }

    get isOpen() {
        return OPEN_STATES.includes(this.pass.state);
    }

    get badgeClass() {
        return COLORS[this.pass.state];
    }

    get percent() {
        return Math.min(100, Math.round(this.pass.progress));
    }

    get counts() {
        return `${this.pass.done} / ${this.pass.total}`;
    }

    get failedText() {
        return _t("%s failed", this.pass.failed);
    }

    get when() {
        return this.moment(this.pass.ended_at || this.pass.asked_at).toRelative();
    }

    get whenExactly() {
        return this.moment(this.pass.ended_at || this.pass.asked_at).toLocaleString(
            luxon.DateTime.DATETIME_MED
        );
    }

    get resumeText() {
        return _t("Goes on %s", comingMoment(this.moment(this.pass.resume_at)));
    }

    get problemsText() {
        return this.pass.problems === 1
            ? _t("1 problem to solve")
            : _t("%s problems to solve", this.pass.problems);
    }

    moment(text) {
        return deserializeDateTime(text);
    }

    async stop() {
        await this.orm.call("octopus.sync.run", "action_stop", [[this.pass.id]]);
        await this.props.record.load();
    }

    openPass() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "octopus.sync.run",
            res_id: this.pass.id,
            views: [[false, "form"]],
        });
    }

    async openProblems() {
        const action = await this.orm.call(
            "octopus.account",
            "action_open_issues",
            [[this.props.record.resId]],
            { context: { octopus_run_kind: this.props.kind } }
        );
        return this.action.doAction(action);
    }
}

export const passStatusField = {
    component: RunStatusField,
    displayName: _t("Octopus Pass"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ kind: options.kind, named: Boolean(options.named) }),
};

registry.category("fields").add("octopus_run_status", passStatusField);
