import { openTab } from "@linga_octopus/account/open_tab";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/** The products for Octopus: a row opens the Octopus tab of the product. */
export class OctopusProductListController extends ListController {
    async openRecord() {
        await super.openRecord(...arguments);
        openTab("octopus");
    }
}

/** The same as cards, on a phone. */
export class OctopusProductKanbanController extends KanbanController {
    async openRecord() {
        await super.openRecord(...arguments);
        openTab("octopus");
    }
}

registry.category("views").add("octopus_product_list", {
    ...listView,
    Controller: OctopusProductListController,
});

registry.category("views").add("octopus_product_kanban", {
    ...kanbanView,
    Controller: OctopusProductKanbanController,
});
