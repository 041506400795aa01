/* The web shops and marketplaces that a customer can order from. */

export const CHANNELS = {
    SHOPIFY: { name: "Shopify", color: "#5e8e3e" },
    AMAZON: { name: "Amazon", color: "#ff9900" },
    BIGCOMMERCE: { name: "BigCommerce", color: "#34313f" },
    WOOCOMMERCE: { name: "WooCommerce", color: "#7f54b3" },
    EBAY: { name: "eBay", color: "#e53238" },
    WALMART: { name: "Walmart", color: "#0071dc" },
};
