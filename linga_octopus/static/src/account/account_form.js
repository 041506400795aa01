import { onMounted } from "@odoo/owl";
import { openTab } from "@linga_octopus/account/open_tab";
import { RunFormController } from "@linga_octopus/sync/run_form";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { pick } from "@web/core/utils/objects";
import { formView } from "@web/views/form/form_view";

// The fields that tell one shop of Octopus from another.
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
        onMounted(() => this.openFirstStep());
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

    /** The answer goes with the save that it was given for, and no other. */
    confirmAnotherShop(record, isConfirmed) {
        const context = { ...record.context, octopus_another_shop: isConfirmed };
        this.model._updateConfig(record.config, { context }, { reload: false });
    }

    /** Open the Settings tab of a store that has no credentials yet. */
    openFirstStep() {
        const { data, isNew } = this.model.root || {};
        if (data && !isNew && data.state === "subscribed" && !data.merchant_name) {
            openTab("settings", "merchant_name");
        }
    }
}

registry.category("views").add("octopus_account_form", {
    ...formView,
    Controller: OctopusAccountFormController,
});
