import { Component } from "@odoo/owl";
import { comingMoment } from "@linga_octopus/sync/coming_moment";
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

/** The latest sync run of one kind: progress while it runs, result when it has ended. */
export class RunStatusField extends Component {
    static template = "linga_octopus.RunStatusField";
    static props = { ...standardFieldProps, kind: String, named: Boolean };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get run() {
        return this.props.record.data[this.props.name]?.[this.props.kind];
    }

    get isOpen() {
        return OPEN_STATES.includes(this.run.state);
    }

    get badgeClass() {
        return COLORS[this.run.state];
    }

    get percent() {
        return Math.min(100, Math.round(this.run.progress));
    }

    get counts() {
        return `${this.run.done} / ${this.run.total}`;
    }

    get failedText() {
        return _t("%s failed", this.run.failed);
    }

    get when() {
        return this.moment(this.run.ended_at || this.run.asked_at).toRelative();
    }

    get whenExactly() {
        return this.moment(this.run.ended_at || this.run.asked_at).toLocaleString(
            luxon.DateTime.DATETIME_MED
        );
    }

    get resumeText() {
        return _t("Resumes %s", comingMoment(this.moment(this.run.resume_at)));
    }

    get issuesText() {
        return this.run.issues === 1
            ? _t("1 issue to solve")
            : _t("%s issues to solve", this.run.issues);
    }

    moment(text) {
        return deserializeDateTime(text);
    }

    async stop() {
        await this.orm.call("octopus.sync.run", "action_stop", [[this.run.id]]);
        await this.props.record.load();
    }

    openRun() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "octopus.sync.run",
            res_id: this.run.id,
            views: [[false, "form"]],
        });
    }

    async openIssues() {
        const action = await this.orm.call(
            "octopus.account",
            "action_open_issues",
            [[this.props.record.resId]],
            { context: { octopus_run_kind: this.props.kind } }
        );
        return this.action.doAction(action);
    }
}

export const runStatusField = {
    component: RunStatusField,
    displayName: _t("Octopus Sync Run"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ kind: options.kind, named: Boolean(options.named) }),
};

registry.category("fields").add("octopus_run_status", runStatusField);
