import { ChecklistField } from "@linga_octopus/monitoring/checklist_field";
import { RunStatusField } from "@linga_octopus/sync/run_status_field";
import { OverviewFactsField } from "@linga_octopus/monitoring/overview_facts_field";
import { expect, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

definePosModels();

/** A field of the settings page with this value. */
async function mountField(Field, value, props = {}) {
    await setupPosEnv(); // the services of the Point of Sale are in the same bundle
    const record = { data: { field: value } };
    return mountWithCleanup(Field, { props: { name: "field", record, ...props } });
}

test("the state of a checklist item is a text beside its icon", async () => {
    const states = ["done", "todo", "warning"];
    await mountField(
        ChecklistField,
        states.map((state) => ({ name: state, state, title: state }))
    );
    for (const [state, label] of [
        ["done", "Done"],
        ["todo", "To Do"],
        ["warning", "Attention"],
    ]) {
        const icon = `[data-name=${state}] [role=img]`;
        expect(icon).toHaveAttribute("aria-label", label);
        expect(icon).toHaveAttribute("title", label);
    }
});

test("a waiting sync run says when it resumes", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    const run = { state: "waiting", asked_at: "2026-11-24 11:50:00", progress: 10, total: 10 };
    const props = { kind: "products", named: false };
    const resumes = { ...run, resume_at: "2026-11-24 12:05:30" };
    await mountField(RunStatusField, { products: resumes }, props);
    expect(".o_octopus_run").toHaveText(/Resumes in 5 minutes/);
});

test("a waiting sync run whose time has come resumes now", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    const run = { state: "waiting", asked_at: "2026-11-24 11:50:00", progress: 10, total: 10 };
    const props = { kind: "products", named: false };
    const resumes = { ...run, resume_at: "2026-11-24 11:59:55" };
    await mountField(RunStatusField, { products: resumes }, props);
    expect(".o_octopus_run").toHaveText(/Resumes now/);
});

test("the bar of the API calls left is as full as its label says", async () => {
    const facts = { oversold: [], syncs: [], rate: { limit: 250, left: 150, percent: 60 } };
    await mountField(OverviewFactsField, facts);
    expect(".o_octopus_overview_rate .progress-bar").toHaveStyle(
        { width: "60%" },
        { inline: true }
    );
    expect(".o_octopus_overview_rate .bg-success").toHaveCount(1);
});

test("few API calls left are a warning", async () => {
    const facts = { oversold: [], syncs: [], rate: { limit: 250, left: 20, percent: 8 } };
    await mountField(OverviewFactsField, facts);
    expect(".o_octopus_overview_rate .bg-warning").toHaveCount(1);
});
