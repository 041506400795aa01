import { KanbanHeader } from "@web/views/kanban/kanban_header";

// The server counts no further (`octopus_order_board.py`).
const COUNT_LIMIT = 1000;

/** A column's title with the number of its cards, "1000+" at most. */
export class OrderKanbanHeader extends KanbanHeader {
    static template = "linga_octopus.OrderKanbanHeader";

    get countText() {
        const { count } = this.group;
        return count > COUNT_LIMIT ? `(${COUNT_LIMIT}+)` : `(${count})`;
    }
}
