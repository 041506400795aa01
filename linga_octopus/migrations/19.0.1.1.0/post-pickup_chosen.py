"""A pickup that has an address all the same was chosen as one; it stays one whatever news bring."""


def migrate(cr, version):
    cr.execute(
        """UPDATE octopus_order SET is_pickup_chosen = TRUE
            WHERE fulfillment = 'pickup' AND shipping_address != '' AND is_pickup_chosen IS NULL"""
    )
