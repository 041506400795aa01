import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { TextField, textField } from "@web/views/fields/text/text_field";
import { useRef } from "@odoo/owl";

/** A text that takes effect with each Enter, which scanners send after a code, and when pasted. */
export class ScanField extends TextField {
    static template = "linga_octopus.ScanField";

    setup() {
        super.setup();
        this.scan = useRef("scan");
    }

    /** Take over what was typed, scanned or pasted, and be ready for the next code. */
    async take() {
        const text = this.scan.el.value;
        if (text.trim()) {
            this.scan.el.value = "";
            await this.props.record.update({ [this.props.name]: text });
        }
    }

    onKeydown(event) {
        if (event.key === "Enter") {
            event.preventDefault();
            event.stopPropagation();
            this.take();
        }
    }

    onPaste() {
        // After the browser has put the text in.
        setTimeout(() => this.take());
    }
}

export const scanField = { ...textField, component: ScanField, displayName: _t("Scanner") };

registry.category("fields").add("octopus_scan", scanField);
