"""Scheduled actions call the models that their methods moved to, and sync runs go on.

An upgrade never writes scheduled actions, because people may change them: their interval, their
order and whether they are active stay.
"""

# Name, model and method by external id.
ACTIONS = {
    "ir_cron_octopus_sync_run": ("process sync runs", "octopus.sync.run", "_cron_run"),
    "ir_cron_octopus_stock_push": ("send stock", "octopus.stock.level", "_cron_push"),
    "ir_cron_octopus_order_deduct": (
        "deduct stock of online orders",
        "octopus.order",
        "_cron_deduct",
    ),
    "ir_cron_octopus_order_notification": (
        "read online orders back",
        "octopus.order.notification",
        "_cron_read_back",
    ),
    "ir_cron_octopus_order_poll": ("import online orders", "octopus.order", "_cron_poll_orders"),
    "ir_cron_octopus_order_push_status": (
        "send the status of online orders",
        "octopus.order",
        "_cron_push_status",
    ),
    "ir_cron_octopus_booking": ("book online sales", "octopus.booking.day", "_cron_book"),
    "ir_cron_octopus_catalog": ("send catalog changes", "octopus.product", "_cron_sync_catalog"),
    "ir_cron_octopus_stock_check": ("check stock", "octopus.stock.difference", "_cron_check"),
    "ir_cron_octopus_order_check": ("check orders", "octopus.order.check", "_cron_check_orders"),
    "ir_cron_octopus_alert": ("send staff alerts", "octopus.account", "_cron_notify_staff"),
}


def migrate(cr, version):
    for external_id, (name, model, method) in ACTIONS.items():
        cr.execute(
            """UPDATE ir_act_server action
                  SET name = jsonb_build_object('en_US', %(name)s), code = %(code)s,
                      model_id = model.id
                 FROM ir_model model, ir_cron cron, ir_model_data entry
                WHERE model.model = %(model)s AND cron.ir_actions_server_id = action.id
                  AND entry.module = 'linga_octopus' AND entry.name = %(external_id)s
                  AND entry.model = 'ir.cron' AND entry.res_id = cron.id""",
            {
                "name": f"Octopus: {name}",
                "code": f"model.{method}()",
                "model": model,
                "external_id": external_id,
            },
        )
        cr.execute(
            """UPDATE ir_cron SET cron_name = %(name)s FROM ir_model_data entry
                WHERE entry.module = 'linga_octopus' AND entry.name = %(external_id)s
                  AND entry.model = 'ir.cron' AND entry.res_id = ir_cron.id
                  -- Running servers write to these rows all the time.
                  AND ir_cron.cron_name IS DISTINCT FROM %(name)s""",
            {"name": f"Octopus: {name}", "external_id": external_id},
        )
    _convert_cursors(cr)


def _convert_cursors(cr):
    """Have open runs begin anew, and keep which orders users asked for."""
    cr.execute(
        """UPDATE octopus_sync_run SET cursor = NULL, started_at = NULL
            WHERE kind IN ('categories', 'products', 'images')
              AND state IN ('queued', 'running', 'waiting')"""
    )
    cr.execute(
        """UPDATE octopus_sync_run
              SET cursor = jsonb_build_object('requests', cursor::jsonb -> 'asks')
            WHERE kind = 'orders' AND cursor::jsonb ? 'asks'"""
    )
    cr.execute(
        """UPDATE octopus_sync_run SET started_at = NULL
            WHERE kind = 'orders' AND state IN ('queued', 'running', 'waiting')"""
    )
