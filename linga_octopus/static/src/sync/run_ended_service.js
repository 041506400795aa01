import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const TYPES = { done: "success", partial: "warning", failed: "danger" };

/** Tells the user who started a sync run how it ended, on whatever page they are. */
export const runEndedService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service: bus, notification }) {
        bus.subscribe("linga_octopus/run_ended", ({ id, kind, state, text }) => {
            const close = notification.add(text, {
                title: kind,
                type: TYPES[state],
                buttons: [
                    {
                        name: _t("Open"),
                        onClick: () => {
                            close();
                            action.doAction({
                                type: "ir.actions.act_window",
                                res_model: "octopus.sync.run",
                                res_id: id,
                                views: [[false, "form"]],
                            });
                        },
                    },
                ],
            });
        });
    },
};

registry.category("services").add("octopus_run_ended", runEndedService);
