import { isFinal } from "@linga_octopus/common/order_status";
import { OrderKanbanHeader } from "@linga_octopus/order/order_kanban_header";
import {
    OrderActionHelper,
    OrderBoardSearchModel,
    OrderListSearchModel,
} from "@linga_octopus/order/order_search";
import { changeStatus, seenStatusContext } from "@linga_octopus/order/status_change";
import { useLiveReload } from "@linga_octopus/sync/live_reload";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

const MESSAGE_TYPE = "linga_octopus/orders";
const STATUS_BUTTONS = ["action_complete", "action_reopen", "action_ask_cancel"];

/** True while the user chooses no status, drags no card and has no rows selected. */
function isIdle(model) {
    return (
        model.isReady &&
        !model.root.selection?.length &&
        !document.querySelector(".o_octopus_order_status_menu, .o_dragged, .modal")
    );
}

/**
 * Reload only the rows that changed when all of them are on the screen, so that the list does not
 * move under the pointer. New orders need the whole list.
 */
async function reloadOrders(model, payloads) {
    const changed = new Set(payloads.flatMap(({ ids }) => ids));
    const shown = model.root.records.filter(({ resId }) => changed.has(resId));
    if (changed.size && shown.length === changed.size) {
        await Promise.all(shown.map((record) => record.load()));
    } else {
        // Wait for a page change under way, and reload the same list: a new list, or one requested
        // before, would undo the page change.
        await model.mutex.getUnlockedDef();
        await model.root.load();
    }
}

/** Send the statuses of these records with a button that decides about them. */
function sendSeenStatus(clickParams, records) {
    if (STATUS_BUTTONS.includes(clickParams.name)) {
        Object.assign((clickParams.buttonContext ||= {}), seenStatusContext(records));
    }
}

export class OrderListController extends ListController {
    setup() {
        super.setup();
        useLiveReload({
            messageType: MESSAGE_TYPE,
            canReload: () => isIdle(this.model) && !this.model.root.editedRecord,
            reload: (payloads) => reloadOrders(this.model, payloads),
        });
    }

    /** Override: what is done to the selected rows depends on the statuses that they show. */
    async beforeExecuteActionButton(clickParams) {
        sendSeenStatus(clickParams, this.model.root.selection);
        return super.beforeExecuteActionButton(...arguments);
    }
}

export class OrderListRenderer extends ListRenderer {
    static components = { ...ListRenderer.components, ActionHelper: OrderActionHelper };

    /** Override: Enter on a status opens its menu instead of the row, and the open menu gets the keys. */
    onCellKeydown(event, ...row) {
        const choice = event.target.closest(".o_octopus_order_status button");
        const isOpen = choice?.getAttribute("aria-expanded") === "true";
        if (isOpen || (choice && getActiveHotkey(event) === "enter")) {
            return;
        }
        super.onCellKeydown(event, ...row);
    }
}

export class OrderKanbanController extends KanbanController {
    setup() {
        super.setup();
        useLiveReload({
            messageType: MESSAGE_TYPE,
            canReload: () => isIdle(this.model),
            reload: () => this.model.load(),
        });
    }
}

export class OrderFormController extends FormController {
    setup() {
        super.setup();
        useLiveReload({
            messageType: MESSAGE_TYPE,
            concerns: ({ ids }) => !this.model.isReady || ids.includes(this.model.root.resId),
            canReload: async () => isIdle(this.model) && !(await this.model.root.isDirty()),
            reload: () => this.model.root.load(),
        });
    }

    /** Override: what a button does depends on the status that the form shows. */
    async beforeExecuteActionButton(clickParams) {
        sendSeenStatus(clickParams, [this.model.root]);
        return super.beforeExecuteActionButton(...arguments);
    }
}

/** Ask the server to stop counting columns where the header does. */
export class OrderKanbanModel extends RelationalModel {
    _webReadGroup(config, cache) {
        const context = { ...config.context, octopus_board: true };
        return super._webReadGroup({ ...config, context }, cache);
    }
}

export class OrderKanbanRenderer extends KanbanRenderer {
    static components = {
        ...KanbanRenderer.components,
        ActionHelper: OrderActionHelper,
        KanbanHeader: OrderKanbanHeader,
    };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.notification = useService("notification");
    }

    /** Override: dragging a card sets the status, by the rules of the status menu. */
    async sortRecordDrop(dataRecordId, dataGroupId, params) {
        const { groups } = this.props.list;
        const source = groups?.find((group) => group.id === dataGroupId);
        const target = groups?.find((group) => group.id === params.parent?.dataset.id);
        if (source && target && source !== target && source.groupByField.name === "status") {
            params.parent.classList.remove("o_kanban_hover");
            const record = source.list.records.find(({ id }) => id === dataRecordId);
            return this.moveToStatus(record, source.value, target.value);
        }
        return super.sortRecordDrop(dataRecordId, dataGroupId, params);
    }

    moveToStatus(record, from, to) {
        if (isFinal(from)) {
            this.notification.add(_t("A cancelled order stays cancelled."), { type: "warning" });
            return;
        }
        return changeStatus(this, record, to, () => this.props.list.load());
    }
}

registry.category("views").add("octopus_order_list", {
    ...listView,
    Controller: OrderListController,
    Renderer: OrderListRenderer,
    SearchModel: OrderListSearchModel,
});
registry.category("views").add("octopus_order_kanban", {
    ...kanbanView,
    Controller: OrderKanbanController,
    Model: OrderKanbanModel,
    Renderer: OrderKanbanRenderer,
    SearchModel: OrderBoardSearchModel,
});
registry.category("views").add("octopus_order_form", {
    ...formView,
    Controller: OrderFormController,
});
