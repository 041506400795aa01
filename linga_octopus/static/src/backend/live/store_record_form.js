import { PassFormController } from "@linga_octopus/backend/live/pass_form";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** A record of a store, such as a pass or a day's tie-out: it moves as the worker gets on. */
export class StoreRecordFormController extends PassFormController {
    get accountId() {
        return this.model.root?.data.account_id?.id;
    }
}

registry.category("views").add("octopus_store_record_form", {
    ...formView,
    Controller: StoreRecordFormController,
});
