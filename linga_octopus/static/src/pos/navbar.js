import { Navbar } from "@point_of_sale/app/components/navbar/navbar";
import { useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

patch(Navbar.prototype, {
    setup() {
        super.setup(...arguments);
        this.onlineOrders = useState(useService("octopus_online_orders"));
    },

    get isOnlineOrdersOpen() {
        return this.pos.router.state.current === "OnlineOrdersScreen";
    },

    get mainButton() {
        return this.isOnlineOrdersOpen ? "online-orders" : super.mainButton;
    },
});
