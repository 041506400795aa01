import { PosConfig } from "@point_of_sale/../tests/unit/data/pos_config.data";
import { patch } from "@web/core/utils/patch";

/** Tests of other modules have a till without online orders; ours say what they have. */
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
