/* The web shops and marketplaces in whose name one can order. */

export const CHANNELS = {
    SHOPIFY: { name: "Shopify", colour: "#5e8e3e" },
    AMAZON: { name: "Amazon", colour: "#ff9900" },
    BIGCOMMERCE: { name: "BigCommerce", colour: "#34313f" },
    WOOCOMMERCE: { name: "WooCommerce", colour: "#7f54b3" },
    EBAY: { name: "eBay", colour: "#e53238" },
    WALMART: { name: "Walmart", colour: "#0071dc" },
};
