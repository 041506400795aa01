import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";
import { useEffect } from "@odoo/owl";

let lists = 0;

/** A text with names to choose from: those in another field of the record, a list. */
export class SuggestionsField extends CharField {
    static template = "linga_octopus.SuggestionsField";
    static props = { ...CharField.props, namesField: { type: String } };

    setup() {
        super.setup();
        lists += 1;
        this.listId = `octopus_suggestions_${lists}`;
        useEffect(
            (input) => input?.setAttribute("list", this.listId),
            () => [this.input.el]
        );
    }

    get names() {
        return this.props.record.data[this.props.namesField] || [];
    }
}

export const suggestionsField = {
    ...charField,
    component: SuggestionsField,
    displayName: _t("Text With Suggestions"),
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...charField.extractProps(fieldInfo, dynamicInfo),
        namesField: fieldInfo.options.names_field,
    }),
};

registry.category("fields").add("octopus_suggestions", suggestionsField);
