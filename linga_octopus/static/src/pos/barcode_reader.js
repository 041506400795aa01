import { isScanShielded } from "@linga_octopus/common/scan_shield";
import { BarcodeReader } from "@point_of_sale/app/services/barcode_reader_service";
import { patch } from "@web/core/utils/patch";

patch(BarcodeReader.prototype, {
    /** Override: swallow what a camera or an IoT scanner reads while a dialog of this addon is open. */
    async scan(code) {
        if (!isScanShielded()) {
            return super.scan(code);
        }
    },
});
