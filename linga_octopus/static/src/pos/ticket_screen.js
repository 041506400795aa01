import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

patch(TicketScreen.prototype, {
    setup() {
        super.setup(...arguments);
        this.onlineOrders = useState(useService("octopus_online_orders"));
    },
});
