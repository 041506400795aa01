/** Badge colors of the statuses of an online order, and the rule about them that screens apply. */

export const STATUS_CLASSES = {
    take_action: "text-bg-warning",
    cancelled: "text-bg-danger",
    completed: "text-bg-success",
};

/** The server enforces the rule (`octopus.order`); screens only hide the choice. */
export function isFinal(status) {
    return status === "cancelled";
}
