import { PosConfig } from "@point_of_sale/../tests/unit/data/pos_config.data";
import { patch } from "@web/core/utils/patch";

/** A Point of Sale without online orders, for tests of other modules; tests here override it. */
patch(PosConfig.prototype, {
    get_octopus_summary() {
        return { is_linked: false, to_act: 0, unseen: 0, latest_id: false };
    },

    get_octopus_orders() {
        return { orders: [], count: 0 };
    },

    set_octopus_seen() {
        return true;
    },
});
