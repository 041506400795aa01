import { askCancel } from "@linga_octopus/common/cancel_dialog";
import { isFinal } from "@linga_octopus/common/order_status";

/** The statuses on the screen, as context: the server refuses a change when one is outdated. */
export function seenStatusContext(records) {
    const seen = records.map(({ resId, data }) => [resId, data.status]);
    return { octopus_seen_status: Object.fromEntries(seen) };
}

/**
 * Save another status of an online order, after a confirmation when it is final, and show what the
 * server has then.
 *
 * @param {Object} services `orm` and `dialog`
 * @param {Object} record of the view
 * @param {string} status
 * @param {() => Promise} [reload]
 */
export async function changeStatus({ orm, dialog }, record, status, reload = () => record.load()) {
    const ids = [record.resId];
    const vals = { status };
    const kwargs = { context: seenStatusContext([record]) };
    try {
        if (isFinal(status)) {
            const questions = await orm.call(
                "octopus.order",
                "get_cancel_questions",
                [ids],
                kwargs
            );
            vals.cancel_reason = await askCancel(dialog, questions);
            if (!vals.cancel_reason) {
                return;
            }
        }
        await orm.write("octopus.order", ids, vals, kwargs);
    } finally {
        await reload();
    }
}
