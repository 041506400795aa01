from . import Invariant

# What still waits, by name.
QUEUES = {
    "orders wait for their stock": "octopus_order WHERE stock_state = 'waiting' OR is_return_due",
    "stock changes wait": "octopus_stock_event",
    "announced orders wait to be read": "octopus_order_notification",
    "sync runs are open": "octopus_sync_run WHERE state IN ('queued', 'running', 'waiting')",
    "statuses wait to be sent": "octopus_order WHERE push_status = 'pending' OR is_parcel_due",
    "levels wait to be sent": "octopus_stock_pending",
}


class Queues(Invariant):
    """Nothing waits for ever."""

    def waits(self, env):
        for name, condition in QUEUES.items():
            env.cr.execute(f"SELECT count(*) FROM {condition}")  # noqa: S608 -- our own constants
            [count] = env.cr.fetchone()
            if count:
                yield f"{count} {name}"
