import { askCancel } from "@linga_octopus/common/cancel_dialog";
import { isFinal } from "@linga_octopus/common/order_status";
import { OrderKanbanHeader } from "@linga_octopus/backend/order/order_kanban_header";
import { useLiveReload } from "@linga_octopus/backend/live/live_reload";
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

/** Nobody is choosing a status, dragging a card or has selected rows at this moment. */
function isUndisturbed(model) {
    return (
        model.isReady &&
        !model.root.selection?.length &&
        !document.querySelector(".o_octopus_order_status_menu, .o_dragged, .modal")
    );
}

/**
 * Orders that are on the screen are read again where they stand: redrawing the whole list would
 * take it from under somebody's hand. New ones need the whole list.
 */
async function reloadOrders(model, payloads) {
    const changed = new Set(payloads.flatMap(({ ids }) => ids));
    const shown = model.root.records.filter(({ resId }) => changed.has(resId));
    if (changed.size && shown.length === changed.size) {
        await Promise.all(shown.map((record) => record.load()));
    } else {
        // After a page that is just being turned, and the same list: a new one, or one that was
        // asked for before, would turn it back.
        await model.mutex.getUnlockedDef();
        await model.root.load();
    }
}

export class OrderListController extends ListController {
    setup() {
        super.setup();
        useLiveReload({
            messageType: MESSAGE_TYPE,
            canReload: () => isUndisturbed(this.model) && !this.model.root.editedRecord,
            reload: (payloads) => reloadOrders(this.model, payloads),
        });
    }
}

export class OrderListRenderer extends ListRenderer {
    /** Override: Enter opens the choice of statuses rather than its row, then its keys are its own. */
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
            canReload: () => isUndisturbed(this.model),
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
            canReload: async () => isUndisturbed(this.model) && !(await this.model.root.isDirty()),
            reload: () => this.model.root.load(),
        });
    }
}

/** Asks the server to count columns no further than the header shows. */
export class OrderKanbanModel extends RelationalModel {
    _webReadGroup(config, cache) {
        const context = { ...config.context, octopus_board: true };
        return super._webReadGroup({ ...config, context }, cache);
    }
}

export class OrderKanbanRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, KanbanHeader: OrderKanbanHeader };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.notification = useService("notification");
    }

    /** Dragging a card sets the status, by the same rules as everywhere else. */
    async sortRecordDrop(dataRecordId, dataGroupId, params) {
        const { groups } = this.props.list;
        const source = groups?.find((group) => group.id === dataGroupId);
        const target = groups?.find((group) => group.id === params.parent?.dataset.id);
        if (source && target && source !== target && source.groupByField.name === "status") {
            const record = source.list.records.find(({ id }) => id === dataRecordId);
            if (!(await this.mayMove(record, source.value, target.value))) {
                params.parent.classList.remove("o_kanban_hover");
                return;
            }
        }
        return super.sortRecordDrop(dataRecordId, dataGroupId, params);
    }

    async mayMove(record, from, to) {
        if (isFinal(from)) {
            this.notification.add(_t("A cancelled order stays cancelled."), { type: "warning" });
            return false;
        }
        if (!isFinal(to)) {
            return true;
        }
        const question = await this.orm.call("octopus.order", "get_cancel_question", [
            [record.resId],
        ]);
        return askCancel(this.dialog, question);
    }
}

registry.category("views").add("octopus_order_list", {
    ...listView,
    Controller: OrderListController,
    Renderer: OrderListRenderer,
});
registry.category("views").add("octopus_order_kanban", {
    ...kanbanView,
    Controller: OrderKanbanController,
    Model: OrderKanbanModel,
    Renderer: OrderKanbanRenderer,
});
registry.category("views").add("octopus_order_form", {
    ...formView,
    Controller: OrderFormController,
});
