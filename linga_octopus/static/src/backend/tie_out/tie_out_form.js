import { PassFormController } from "@linga_octopus/backend/live/pass_form";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** A day's tie-out: its result appears as soon as the worker has it. */
export class OctopusTieOutFormController extends PassFormController {
    get accountId() {
        return this.model.root?.data.account_id?.id;
    }
}

registry.category("views").add("octopus_tie_out_form", {
    ...formView,
    Controller: OctopusTieOutFormController,
});
