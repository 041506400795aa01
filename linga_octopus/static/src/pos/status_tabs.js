import { countText } from "@linga_octopus/common/count_text";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** The statuses of orders to choose from, with the number of their orders. */
export class StatusTabs extends Component {
    static template = "linga_octopus.StatusTabs";
    static props = {
        /** the status that is shown; "": all */
        status: String,
        /** number of orders by status */
        counts: Object,
        onSelected: Function,
    };

    setup() {
        this.tabs = [
            ["take_action", _t("Open Orders")],
            ["completed", _t("Completed")],
            ["cancelled", _t("Cancelled")],
            ["", _t("All")],
        ];
    }

    isShown(status) {
        return status === this.props.status;
    }

    count(status) {
        const count = status && this.props.counts[status];
        return count ? countText(count) : "";
    }
}
