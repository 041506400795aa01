"""The setup of a store as a checklist: the real state of each step, and the button that helps."""

from urllib.parse import urlsplit

from odoo.http import db_list

from .checklist_server import server_steps
from .diagnosis import OPEN_RUN_STATES, Diagnosis, Finding


def checklist(account):
    """Return the steps of the setup as dicts: name, state, title; text and fix until it is done.

    The state is "done", "todo" or, when the store works without the step, "warning".
    """
    diagnosis = Diagnosis(account)
    steps = [
        *_connection_steps(account, diagnosis),
        *_catalog_steps(account),
        *_order_steps(account, diagnosis),
        *server_steps(account),
    ]
    running = _running(account)
    return [_describe(account, running, *step) for step in steps]


def next_step(steps):
    """Return the name of the step that comes next: required ones before warnings, or False."""
    missing = [step for step in steps if step["state"] != "done"]
    required = [step for step in missing if step["state"] == "todo"]
    return next((step["name"] for step in required or missing), False)


def setup_left(account, steps):
    """Return how many steps are done, in words; empty when none of the required is missing."""
    if not any(step["state"] == "todo" for step in steps):
        return ""
    done = sum(step["state"] == "done" for step in steps)
    return account.env._("%(done)s of %(total)s steps done", done=done, total=len(steps))


def _running(account):
    """Return the kinds of runs that are under way, or follow one that is."""
    runs = account.env["octopus.sync.run"].search(
        [("account_id", "=", account.id), ("state", "in", OPEN_RUN_STATES)]
    )
    return {kind for run in runs for kind in (run.kind, *(run.following or ()))}


def _describe(account, running, name, title, finding):
    if not finding:
        return {"name": name, "state": "done", "title": title}
    if name in running:
        text = account.env._("This sync is under way.")
        return {"name": name, "state": "todo", "title": title, "text": text, "fix": {}}
    state = "warning" if finding.severity == "warning" else "todo"
    return {
        "name": name,
        "state": state,
        "title": title,
        "text": finding.sentence,
        "fix": finding.fix,
    }


def _settings(account, field):
    return {"tab": "settings", "field": field, "label": account.env._("Open Settings")}


def _connection_steps(account, diagnosis):
    env = account.env
    yield "connection", env._("Connect to Octopus"), diagnosis.connection()
    mapped = account.location_ids.filtered("warehouse_id")
    locations = not mapped and Finding(
        "locations",
        "todo",
        env._("Choose the warehouse whose stock each Octopus location shows."),
        _settings(account, "location_ids"),
    )
    yield "locations", env._("Choose the warehouses of the locations"), locations
    if has_twin(account):
        twin = Finding(
            "twin",
            "warning",
            env._(
                "Another store here uses the same merchant: both would send their stock and "
                "take every order. Unsubscribe one of the two."
            ),
            {
                "action": "linga_octopus.octopus_account_action",
                "label": env._("Manage Integrations"),
            },
        )
        yield "twin", env._("Use one store for each merchant"), twin
    # A warning only: a company whose channels never add up the locations may want it.
    if len(mapped.warehouse_id) < len(mapped):
        shared = Finding(
            "shared_warehouse",
            "warning",
            env._(
                "Two Octopus locations show the stock of one warehouse, so the same goods can "
                "be sold twice. Choose another warehouse for one of them, or none."
            ),
            _settings(account, "location_ids"),
        )
        yield "shared_warehouse", env._("Choose another warehouse for each location"), shared


def _catalog_steps(account):
    env = account.env
    is_first = not (
        account.last_categories_sync or account.last_products_sync or account.last_stock_sync
    )
    sync_all = {"method": "action_sync_all", "label": env._("Sync All")}
    categories = not account.last_categories_sync and Finding(
        "categories",
        "todo",
        env._("Sync All sends categories, products with images, and stock, one after the other.")
        if is_first
        else env._("Press Sync Categories to send them for the first time."),
        sync_all
        if is_first
        else {"method": "action_sync_categories", "label": env._("Sync Categories")},
    )
    yield "categories", env._("Send categories"), categories
    products = not account.last_products_sync and Finding(
        "products",
        "todo",
        env._("Press Sync Products to send them for the first time."),
        {"method": "action_sync_products", "label": env._("Sync Products")},
    )
    yield "products", env._("Send products"), products
    yield "stock", env._("Send stock"), _stock_todo(account)
    is_real_time = account.company_id.point_of_sale_update_stock_quantities == "real"
    pos_stock = not is_real_time and Finding(
        "pos_stock",
        "warning",
        env._(
            "Points of sale deduct what they sell only when their session is closed, so your "
            "channels sell what is gone. Press the button: sessions opened from then on update "
            "the inventory in real time."
        ),
        {
            "method": "action_take_stock_in_real_time",
            "label": env._("Update Inventory in Real Time"),
        },
    )
    yield "pos_stock", env._("Update inventory in real time"), pos_stock


def _order_steps(account, diagnosis):
    env = account.env
    points_of_sale = not account.pos_config_ids and Finding(
        "tills",
        "warning",
        env._("Choose the points of sale that show this store's online orders."),
        _settings(account, "pos_config_ids"),
    )
    yield "tills", env._("Show online orders in the Point of Sale"), points_of_sale
    yield "poll", env._("Import orders automatically"), diagnosis.fetching()
    webhook = not account.webhook_seen_at and Finding(
        "webhook",
        "warning",
        _webhook_hint(account),
        {**_settings(account, "webhook_url"), "label": env._("Webhook URL")},
    )
    yield "webhook", env._("Register the webhook"), webhook


def _webhook_hint(account):
    hint = account.env._(
        "Register the webhook URL in the Octopus admin page: orders then arrive within "
        "seconds instead of minutes."
    )
    # Without a cookie, Odoo cannot tell which of several databases a call is for.
    root = account.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
    if len(db_list(force=True, host=urlsplit(root).netloc)) > 1:
        hint += " " + account.env._(
            "This server has several databases: the proxy in front of it has to set the "
            "header X-Odoo-Database, or Octopus gets the answer 404."
        )
    return hint


def has_twin(account):
    """Tell whether a store of any company uses the same merchant."""
    if not account.merchant_name:
        return False
    # Stores of companies that the user does not see count: both would sell the same stock.
    twins = [
        ("id", "!=", account.id),
        ("state", "!=", "unsubscribed"),
        ("base_url", "=", account.base_url),
        ("merchant_name", "=ilike", account.merchant_name),
    ]
    return bool(account.env["octopus.account"].sudo().search_count(twins, limit=1))


def _stock_todo(account):
    """Return the Finding that Sync Stocks is to be pressed, or None."""
    env = account.env
    due = account.location_ids.filtered(lambda loc: loc.is_first_sync_due and loc.warehouse_id)
    if not (account.last_stock_sync and account.auto_stock_sync):
        sentence = env._("Press Sync Stocks: from then on every change is sent automatically.")
    elif due:
        sentence = env._(
            "%(locations)s has another warehouse. Press Check Stock to see what its stock changes "
            "in Octopus, then Sync Stocks: from then on every change is sent automatically.",
            locations=", ".join(due.mapped("name")),
        )
    else:
        return None
    button = {"method": "action_sync_stocks", "label": env._("Sync Stocks")}
    return Finding("stock", "todo", sentence, button)
