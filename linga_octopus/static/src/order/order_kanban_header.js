import { countText } from "@linga_octopus/common/count_text";
import { KanbanHeader } from "@web/views/kanban/kanban_header";

/** The title of a column with the number of its cards, "1000+" at most. */
export class OrderKanbanHeader extends KanbanHeader {
    static template = "linga_octopus.OrderKanbanHeader";

    get countText() {
        return `(${countText(this.group.count)})`;
    }
}
