import { isScanShielded } from "@linga_octopus/common/scan_shield";
import { orderScanHandler } from "@linga_octopus/pos/order_scan";
import { BarcodeReader } from "@point_of_sale/app/services/barcode_reader_service";
import { patch } from "@web/core/utils/patch";

patch(BarcodeReader.prototype, {
    /**
     * Override: the screen of online orders reads numbers of orders and goods to pack, and a
     * dialog of this addon nothing, whatever kind of scanner it is.
     */
    async scan(code) {
        const onScanned = orderScanHandler();
        if (isScanShielded()) {
            return;
        }
        return onScanned && code ? this.mutex.exec(() => onScanned(code)) : super.scan(code);
    },
});
