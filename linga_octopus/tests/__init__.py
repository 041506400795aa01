"""Tests that call nobody: `odoo -i linga_octopus --test-enable` runs them."""

from .account import test_base_url, test_settings_page
from .channel import test_channel
from .monitoring import test_alert, test_problem_alert
from .order import (
    test_order_aftersale,
    test_order_board,
    test_order_changes,
    test_order_customer,
    test_order_display,
    test_order_goods,
    test_order_intake,
    test_order_placed,
    test_order_returns,
    test_order_rights,
    test_order_rush,
    test_order_sample,
    test_order_screens,
    test_order_search,
    test_order_stock,
    test_order_unread,
    test_order_update,
    test_product_look_up,
)
from .pos import (
    test_pos_cancel,
    test_pos_config,
    test_pos_filters,
    test_pos_packing,
)
from .security import test_least_rights
