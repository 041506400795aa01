"""Where an order has its numbers: channels, and programs in between, add one of their own."""

# Third Party Order No.: what the channel and the customer call the order, such as `#1150`; else a
# number of the channel.
CALLED = ("name", "order_number", "number")
# The others. People quote them, so that an order is found by each.
OTHERS = (
    "amazon_order_id",
    "channel_order_id",
    "channel_order_number",
    "checkout_id",
    "confirmation_number",
    "customer_order_id",
    "customer_reference",
    "ebay_order_id",
    "external_id",
    "external_order_id",
    "external_order_number",
    "increment_id",
    "marketplace_order_id",
    "merchant_order_id",
    "order_id",
    "order_no",
    "po_number",
    "purchase_order_id",
    "receipt_id",
    "reference",
    "source_identifier",
    "source_order_id",
)
# Longer texts are no numbers that anybody reads out.
MAX_NUMBER = 64
