"""Pictures of subscription, settings and overview."""

from dataclasses import replace

from .. import scene
from .shot import PHONE, Shot

SETTINGS = Shot("settings-actions", "/odoo/octopus-stores/1", ".o_octopus_run")
TAB = ".nav-link[name=settings]"
OVERVIEW = Shot("overview", "/odoo/octopus", ".o_octopus_overview")

SHOTS = (
    OVERVIEW,
    replace(OVERVIEW, name="overview-new", stage=scene.EMPTY),
    replace(OVERVIEW, name="overview-phone", size=PHONE),
    Shot("browse-and-subscribe", "/odoo/browse-integrations", ".o_octopus_marketplace"),
    Shot(
        "subscribe",
        "/odoo/browse-integrations",
        ".o_octopus_marketplace",
        clicks=(
            ".o_octopus_subscribe",
            ".modal .o_field_widget[name=pos_config_ids] input",
            ".o-autocomplete--dropdown-item",
        ),
        after=".modal-footer",
    ),
    Shot("manage-integrations", "/odoo/octopus-stores", ".o_data_row"),
    SETTINGS,
    replace(
        SETTINGS,
        name="settings-settings",
        clicks=(TAB,),
        after=".o_field_widget[name=merchant_name]",
    ),
    *(
        replace(
            SETTINGS,
            name=f"settings-{name}",
            clicks=(TAB,),
            after=f".o_field_widget[name={field}]",
            show=f".o_field_widget[name={field}]",
        )
        for name, field in (
            ("orders", "contact_policy"),
            ("webhook", "webhook_url"),
            ("alerts", "user_id"),
        )
    ),
    replace(SETTINGS, name="settings-phone", size=PHONE),
    replace(
        SETTINGS,
        name="unsubscribe",
        clicks=("button[name=action_open_unsubscribe]",),
        after=".modal-footer",
    ),
    Shot(
        "odoo-settings",
        "/odoo/settings#point_of_sale",
        ".app_settings_block[data-key=point_of_sale]",
        show="#octopus_stores",
    ),
    Shot(
        "uninstall",
        "/odoo/apps",
        ".o_kanban_record:has-text('Linga Octopus')",
        clicks=(
            ".o_kanban_record:has-text('Linga Octopus') .o_dropdown_kanban button",
            ".o-dropdown--menu [name=button_uninstall_wizard]",
        ),
        after=".modal .alert-danger",
    ),
    Shot("octopus-shop", "{sandbox}/", "main"),
)
