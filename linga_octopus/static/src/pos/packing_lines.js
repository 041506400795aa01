import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";

/** The lines of an order, to be ticked off one after the other while packing. */
export class PackingLines extends Component {
    static template = "linga_octopus.PackingLines";
    static components = { Dropdown, DropdownItem };
    static props = {
        order: Object,
        packing: Object,
        /** publish 0 for the product of a line until tomorrow, or take that back */
        onSoldOut: Function,
    };

    get packing() {
        return this.props.packing;
    }

    get piecesText() {
        const { packedPieces } = this.packing;
        const { pieces } = this.props.order;
        if (packedPieces) {
            return _t("%(packed)s of %(pieces)s pieces packed", { packed: packedPieces, pieces });
        }
        return pieces === "1" ? _t("1 piece") : _t("%s pieces", pieces);
    }

    packLabel(line) {
        return _t("Packed: %s", line.name);
    }

    menuLabel(line) {
        return _t("More about %s", line.name);
    }

    stockText(line) {
        return [line.shelf, line.on_hand && _t("%s in stock", line.on_hand)]
            .filter(Boolean)
            .join(" · ");
    }

    imageUrl(line) {
        return line.product_id && `/web/image/product.product/${line.product_id}/image_128`;
    }
}
