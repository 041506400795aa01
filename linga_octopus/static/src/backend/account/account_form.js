import { PassFormController } from "@linga_octopus/backend/live/pass_form";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** The settings page of an integration: the passes on it move while one looks. */
registry.category("views").add("octopus_account_form", {
    ...formView,
    Controller: PassFormController,
});
