import { OnlineOrderTicket } from "@linga_octopus/pos/online_order_ticket";
import { momentText } from "@linga_octopus/pos/order_texts";
import { Component, xml } from "@odoo/owl";
import { waitImages } from "@point_of_sale/utils";

/**
 * Packing slips for the printer of the browser, each on a page of its own.
 *
 * The outer element needs a class: Odoo's renderer selects the last print by it, to remove it.
 */
class OnlineOrderTickets extends Component {
    static template = xml`
        <div class="online-order-tickets">
            <div
                t-foreach="props.tickets"
                t-as="ticket"
                t-key="ticket_index"
                t-att-style="ticket_last ? '' : 'break-after: page'"
            >
                <OnlineOrderTicket t-props="ticket" />
            </div>
        </div>`;
    static components = { OnlineOrderTicket };
    static props = { tickets: Array };
}

/**
 * Print the packing slips of online orders: on the receipt printer of the Point of Sale, or all of
 * them together with the browser if there is none.
 *
 * @param {Object} printer service
 * @param {Object[]} orders with their details
 * @returns {Promise<boolean>} whether all of them were printed
 */
export async function printTickets(printer, orders) {
    const tickets = orders.map((order) => ({ order, when: momentText(order) }));
    if (!printer.is()) {
        return Boolean(
            await printer.print(OnlineOrderTickets, { tickets }, { webPrintFallback: true })
        );
    }
    for (const ticket of tickets) {
        const result = await printer.print(OnlineOrderTicket, ticket, { webPrintFallback: true });
        if (!(result === true || result?.successful)) {
            return false;
        }
    }
    return true;
}

/**
 * Print the packing slip of an online order on a receipt printer, without a word: core's service
 * opens a dialog when the printer fails, perhaps in the middle of a sale.
 *
 * @param {Object} renderer service
 * @param {Object} device the receipt printer
 * @param {Object} order with its details
 * @returns {Promise<boolean>} whether it was printed
 */
export async function printQuietly(renderer, device, order) {
    const slip = await renderer.toHtml(OnlineOrderTicket, { order, when: momentText(order) });
    try {
        await waitImages(slip);
    } catch {
        // A slip without its barcode is better than none.
    }
    const { successful } = await device.printReceipt(slip);
    return Boolean(successful);
}
