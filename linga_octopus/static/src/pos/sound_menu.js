import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** How loud new orders ring at this Point of Sale. */
export class SoundMenu extends Component {
    static template = "linga_octopus.SoundMenu";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.onlineOrders = useState(useService("octopus_online_orders"));
        this.volumes = [
            { value: 1, icon: "fa-volume-up", label: _t("Loud") },
            { value: 0.3, icon: "fa-volume-down", label: _t("Quiet") },
            { value: 0, icon: "fa-volume-off", label: _t("Muted") },
        ];
    }

    get icon() {
        return this.volumes.find(({ value }) => value === this.onlineOrders.volume)?.icon;
    }
}
