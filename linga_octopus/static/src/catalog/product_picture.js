import { Component, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { imageUrl } from "@web/core/utils/urls";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The picture of the product of a row; its name stands beside it. */
export class ProductPicture extends Component {
    static template = xml`
        <img
            t-if="url"
            class="o_octopus_product_picture object-fit-contain"
            width="32"
            height="32"
            alt=""
            loading="lazy"
            t-att-src="url"
        />`;
    static props = { ...standardWidgetProps, model: String, field: String };

    get url() {
        const { field, model, record } = this.props;
        const id = field === "id" ? record.resId : record.data[field]?.id;
        return id && imageUrl(model, id, "image_128");
    }
}

registry.category("view_widgets").add("octopus_product_picture", {
    component: ProductPicture,
    extractProps: ({ options }) => ({ model: options.model, field: options.product }),
});
