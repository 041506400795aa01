"""Rename models, fields, values and external ids to the words of the glossary.

Everything that refers to them follows: tables with their sequences, constraints and indexes,
messages, followers, activities, attachments, saved filters and exports, scheduled actions.
"""

import re

from odoo.tools import SQL, sql

MODELS = {
    "octopus.tie.out.ask": "octopus.order.check.wizard",
    "octopus.tie.out.line": "octopus.order.check.line",
    "octopus.tie.out.difference": "octopus.order.check.difference",
    "octopus.tie.out": "octopus.order.check",
    "octopus.stock.drift": "octopus.stock.difference",
    "octopus.order.doorbell": "octopus.order.notification",
    "octopus.order.wish": "octopus.fetch.request",
    "octopus.catalogue.check.line": "octopus.catalog.preview.line",
    "octopus.catalogue.check": "octopus.catalog.preview",
    "octopus.guarded": "octopus.company.guard",
    "octopus.worker": "octopus.queue",
}
# By the new name of the model.
FIELDS = {
    "octopus.account": {
        "auto_catalogue_sync": "auto_catalog_sync",
        "is_catalogue_matched": "is_catalog_matched",
        "catalogue_signature": "catalog_signature",
        "drift_policy": "difference_policy",
        "tie_out_nightly": "order_check_nightly",
        "tie_out_ids": "order_check_ids",
        "tell_resume_at": "push_resume_at",
    },
    "octopus.order": {
        "channel_state": "push_status",
        "channel_attempts": "push_attempts",
        "channel_retry_at": "push_retry_at",
        "untold_notice": "push_notice",
    },
    "octopus.sync.run": {"bulk_alone": "poison_count"},
    "octopus.order.check.line": {"tie_out_id": "order_check_id"},
    "octopus.order.check.difference": {"tie_out_id": "order_check_id"},
}
# By the new names of model and field.
VALUES = {
    ("octopus.order", "push_status"): {
        "to_tell": "pending",
        "told": "synced",
        "not_supported": "tag_only",
    },
    ("octopus.sync.run", "kind"): {"tie_out": "order_check", "drift": "stock_check"},
    ("octopus.sync.issue", "kind"): {"tie_out": "order_check", "drift": "stock_check"},
}
# Parts of external ids, the longer ones first.
EXTERNAL_IDS = {
    "ir_cron_octopus_order_tell": "ir_cron_octopus_order_push_status",
    "ir_cron_octopus_stock_drift": "ir_cron_octopus_stock_check",
    "octopus_tie_out_ask": "octopus_order_check_wizard",
    "tie_out": "order_check",
    "octopus_stock_drift": "octopus_stock_difference",
    "octopus_order_doorbell": "octopus_order_notification",
    "octopus_order_wish": "octopus_fetch_request",
    "octopus_catalogue_check": "octopus_catalog_preview",
    "octopus_guarded": "octopus_company_guard",
    "octopus_worker": "octopus_queue",
    "catalogue": "catalog",
}
# Columns that hold the name of a model.
REFERENCES = (
    ("ir_model", "model"),
    ("ir_model_fields", "model"),
    ("ir_model_fields", "relation"),
    ("ir_model_data", "model"),
    ("ir_attachment", "res_model"),
    ("ir_filters", "model_id"),
    ("ir_exports", "resource"),
    ("ir_act_window", "res_model"),
    ("ir_ui_view", "model"),
    ("ir_act_server", "model_name"),
    ("mail_message", "model"),
    ("mail_followers", "res_model"),
    ("mail_activity", "res_model"),
    ("mail_message_subtype", "res_model"),
    ("mail_template", "model"),
)


def migrate(cr, version):
    for old, new in MODELS.items():
        _rename_table(cr, old.replace(".", "_"), new.replace(".", "_"))
        _rename_references(cr, old, new)
    _rename_external_ids(cr)
    for model, names in FIELDS.items():
        for old, new in names.items():
            _rename_field(cr, model, old, new)
    for (model, field), values in VALUES.items():
        for old, new in values.items():
            _rename_value(cr, model, field, old, new)


def _rename_table(cr, old, new):
    if not sql.table_exists(cr, old) or sql.table_exists(cr, new):
        return
    cr.execute(SQL("ALTER TABLE %s RENAME TO %s", SQL.identifier(old), SQL.identifier(new)))
    cr.execute(
        SQL(
            """SELECT 'CONSTRAINT', conname FROM pg_constraint WHERE conrelid = %(table)s::regclass
                UNION ALL
               SELECT 'INDEX', indexrelid::regclass::text FROM pg_index
                WHERE indrelid = %(table)s::regclass AND NOT EXISTS (
                      SELECT FROM pg_constraint WHERE conindid = indexrelid)
                UNION ALL
               SELECT 'SEQUENCE', c.relname FROM pg_class c
                 JOIN pg_depend d ON d.objid = c.oid AND d.refobjid = %(table)s::regclass
                WHERE c.relkind = 'S'""",
            table=new,
        )
    )
    for kind, name in cr.fetchall():
        renamed = SQL.identifier(name.replace(old, new, 1).replace("tie_out", "order_check"))
        if kind == "CONSTRAINT":
            rename = SQL(
                "ALTER TABLE %s RENAME CONSTRAINT %s TO %s",
                SQL.identifier(new),
                SQL.identifier(name),
                renamed,
            )
        else:
            rename = SQL("ALTER %s %s RENAME TO %s", SQL(kind), SQL.identifier(name), renamed)
        if name != name.replace(old, new, 1).replace("tie_out", "order_check"):
            cr.execute(rename)
    # Odoo's own records of these constraints.
    cr.execute(
        "UPDATE ir_model_constraint SET name = replace(name, %s, %s) WHERE name LIKE %s",
        [old, new, f"{old}%"],
    )


def _rename_references(cr, old, new):
    for table, column in REFERENCES:
        if sql.column_exists(cr, table, column):
            cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s::text = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    new,
                    SQL.identifier(column),
                    old,
                )
            )


def _rename_external_ids(cr):
    for old, new in EXTERNAL_IDS.items():
        cr.execute(
            """UPDATE ir_model_data SET name = replace(name, %(old)s, %(new)s)
                WHERE module = 'linga_octopus' AND strpos(name, %(old)s) > 0""",
            {"old": old, "new": new},
        )
        # The external id of a field contains its name.
        cr.execute(
            """UPDATE ir_model_fields SET name = replace(name, %(old)s, %(new)s)
                WHERE model LIKE 'octopus.%%' AND strpos(name, %(old)s) > 0""",
            {"old": old, "new": new},
        )


def _rename_field(cr, model, old, new):
    table = model.replace(".", "_")
    if sql.column_exists(cr, table, old) and not sql.column_exists(cr, table, new):
        sql.rename_column(cr, table, old, new)
    cr.execute(
        "UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s", [new, model, old]
    )
    for prefix in "field", "selection":
        cr.execute(
            """UPDATE ir_model_data SET name = regexp_replace(name, %s, %s)
                WHERE module = 'linga_octopus'""",
            [rf"^{prefix}_+{table}__{old}(__.*)?$", rf"{_xmlid(prefix, table, new)}\1"],
        )
    word = rf"\m{re.escape(old)}\M"
    for column in "domain", "context", "sort":
        cr.execute(
            SQL(
                """UPDATE ir_filters
                      SET %(column)s = regexp_replace(%(column)s, %(old)s, %(new)s, 'g')
                    WHERE model_id = %(model)s AND %(column)s ~ %(old)s""",
                column=SQL.identifier(column),
                old=word,
                new=new,
                model=model,
            )
        )
    cr.execute(
        """UPDATE ir_exports_line line SET name = %s FROM ir_exports export
            WHERE export.id = line.export_id AND export.resource = %s AND line.name = %s""",
        [new, model, old],
    )


def _xmlid(prefix, table, field):
    # Odoo spells `field_<model>__<field>`, but `selection__<model>__<field>__<value>`.
    return f"{prefix}{'__' if prefix == 'selection' else '_'}{table}__{field}"


def _rename_value(cr, model, field, old, new):
    table = model.replace(".", "_")
    if sql.column_exists(cr, table, field):
        cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE %s = %s",
                SQL.identifier(table),
                SQL.identifier(field),
                new,
                SQL.identifier(field),
                old,
            )
        )
    cr.execute(
        """UPDATE ir_model_fields_selection value SET value = %s FROM ir_model_fields field
            WHERE field.id = value.field_id AND field.model = %s AND field.name = %s
              AND value.value = %s""",
        [new, model, field, old],
    )
    cr.execute(
        "UPDATE ir_model_data SET name = %s WHERE module = 'linga_octopus' AND name = %s",
        [
            f"{_xmlid('selection', table, field)}__{new}",
            f"{_xmlid('selection', table, field)}__{old}",
        ],
    )
    cr.execute(
        SQL(
            "UPDATE ir_filters SET domain = replace(domain, %s, %s) WHERE model_id = %s",
            f"'{old}'",
            f"'{new}'",
            model,
        )
    )
