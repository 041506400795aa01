import { onMounted } from "@odoo/owl";
import { focusField } from "@linga_octopus/account/open_tab";
import { RunFormController } from "@linga_octopus/sync/run_form";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { pick } from "@web/core/utils/objects";
import { formView } from "@web/views/form/form_view";

// The fields that tell one shop of Octopus from another.
const CREDENTIALS = ["merchant_name", "access_id"];
const SHOP_FIELDS = ["merchant_name", "base_url"];

function askAnotherShop(dialogService, question) {
    return new Promise((resolve) => {
        dialogService.add(
            ConfirmationDialog,
            {
                title: _t("Another Shop?"),
                body: question,
                confirmLabel: _t("Change Shop"),
                confirm: () => resolve(true),
                cancelLabel: _t("Cancel"),
                cancel: () => resolve(false),
            },
            { onClose: () => resolve(false) }
        );
    });
}

/** The settings page of a store, reloaded while its sync runs go on. */
export class OctopusAccountFormController extends RunFormController {
    setup() {
        super.setup();
        onMounted(() => this.focusFirstStep());
    }

    /** Ask before the store becomes another shop of Octopus. */
    async onWillSaveRecord(record, changes) {
        this.confirmAnotherShop(record, false);
        if (!record.resId || !SHOP_FIELDS.some((name) => name in changes)) {
            return super.onWillSaveRecord(...arguments);
        }
        const question = await this.orm.call("octopus.account", "get_shop_question", [
            [record.resId],
            pick(changes, ...SHOP_FIELDS),
        ]);
        if (question && !(await askAnotherShop(this.dialogService, question))) {
            return false;
        }
        this.confirmAnotherShop(record, Boolean(question));
        return super.onWillSaveRecord(...arguments);
    }

    /** Override: what is wrong with the credentials is said at their fields, not in a dialog. */
    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name !== "action_test_connection") {
            return super.beforeExecuteActionButton(...arguments);
        }
        const { root } = this.model;
        const missing = CREDENTIALS.filter((name) => name in root.data && !root.data[name]);
        if (missing.length) {
            this.failConnection(_t("Enter the Merchant Name and the Access ID."), missing);
        } else if ((await super.beforeExecuteActionButton(...arguments)) !== false) {
            await this.testConnection();
        }
        return false;
    }

    async testConnection() {
        const { resId, resModel } = this.model.root;
        try {
            const action = await this.orm.call(resModel, "action_test_connection", [[resId]]);
            this.model.bus.trigger("OCTOPUS_CONNECTION", "");
            await this.actionService.doAction(action);
        } catch (error) {
            if (!(error instanceof RPCError) || !error.data?.name?.endsWith("UserError")) {
                throw error;
            }
            this.failConnection(error.data.message, CREDENTIALS);
        }
    }

    failConnection(message, names) {
        this.model.bus.trigger("OCTOPUS_CONNECTION", message);
        names.forEach((name) => this.model.root.setInvalidField(name));
    }

    /** The answer goes with the save that it was given for, and no other. */
    confirmAnotherShop(record, isConfirmed) {
        const context = { ...record.context, octopus_another_shop: isConfirmed };
        this.model._updateConfig(record.config, { context }, { reload: false });
    }

    /** The cursor waits in the first field of the setup; the page stays at its top. */
    focusFirstStep() {
        const { data, isNew } = this.model.root || {};
        if (data && !isNew && data.state === "subscribed" && !data.merchant_name) {
            focusField(".o_octopus_step", "merchant_name");
        }
    }
}

registry.category("views").add("octopus_account_form", {
    ...formView,
    Controller: OctopusAccountFormController,
});
