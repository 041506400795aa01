import { RunFormController } from "@linga_octopus/sync/run_form";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** The form of a record of a store (a sync run, an order check), reloaded as the worker gets on. */
export class StoreRecordFormController extends RunFormController {
    get accountId() {
        return this.model.root?.data.account_id?.id;
    }
}

registry.category("views").add("octopus_store_record_form", {
    ...formView,
    Controller: StoreRecordFormController,
});
