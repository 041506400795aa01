import { askCancel } from "@linga_octopus/common/cancel_dialog";
import { registry } from "@web/core/registry";

/** Cancel orders after a confirmation. Buttons of the form and the list return this action. */
async function cancelOrders(env, { params }) {
    const reason = await askCancel(env.services.dialog, params.questions);
    if (reason) {
        await env.services.orm.call("octopus.order", "action_cancel", [params.order_ids, reason], {
            context: { octopus_seen_status: params.seen_status },
        });
    }
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("linga_octopus.cancel_orders", cancelOrders);
