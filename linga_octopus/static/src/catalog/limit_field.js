import { registry } from "@web/core/registry";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";

/** A highest number, where 0 means that there is none: shown empty, with "No limit". */
export class LimitField extends IntegerField {
    static template = "linga_octopus.LimitField";

    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("octopus_limit", { ...integerField, component: LimitField });
