/** How the statuses of an online order look, and the one rule about them that screens know. */

export const STATUS_CLASSES = {
    take_action: "text-bg-warning",
    cancelled: "text-bg-danger",
    completed: "text-bg-success",
};

/** The server has the last word (`octopus.order`): this only spares people a refusal. */
export function isFinal(status) {
    return status === "cancelled";
}
