"""Remove what an earlier form of our tables has left behind; runs at the end of every upgrade.

Odoo itself drops the column of a field that is gone, and a constraint that is declared no more. It
keeps the column of a field that is stored no more, those of a log that was given up
(`_log_access`), and the index and the foreign key of a field that has none any more. These go here,
of our own tables and of our own fields only: what somebody made by hand is theirs.
"""

import logging

from psycopg2.errors import DependentObjectsStillExist

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL, sql

from odoo.addons.linga_octopus.orm import UnconstrainedMany2one

ADDON = "linga_octopus"
_logger = logging.getLogger(__name__)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for model in env.values():
        if model._original_module == ADDON and model._auto and not model._abstract:
            _drop_foreign_keys(model)
            _drop_columns(model)
            _drop_indexes(model)


def _drop_foreign_keys(model):
    """Drop those that fields do without; Odoo's own record of each knows how."""
    reflected = model.env.execute_query(
        SQL(
            """SELECT reflected.id, col.attname
                 FROM ir_model_constraint reflected
                 JOIN ir_model m ON m.id = reflected.model AND m.model = %s
                 JOIN ir_module_module module ON module.id = reflected.module AND module.name = %s
                 JOIN pg_constraint fk ON fk.conname = reflected.name AND fk.contype = 'f'
                  AND fk.conrelid = %s::regclass
                 JOIN pg_attribute col ON col.attrelid = fk.conrelid AND col.attnum = fk.conkey[1]
                WHERE reflected.type = 'f'""",
            model._name,
            ADDON,
            model._table,
        )
    )
    unwanted = [id_ for id_, column in reflected if not _is_guarded(model._fields.get(column))]
    model.env["ir.model.constraint"].browse(unwanted).unlink()


def _is_guarded(field):
    is_reference = field and field.store and field.type == "many2one"
    return is_reference and not isinstance(field, UnconstrainedMany2one)


def _drop_columns(model):
    unstored = {
        name
        for name, field in model._fields.items()
        if field._module == ADDON and not (field.store and field.column_type)
    }
    if not model._log_access:
        unstored |= set(models.LOG_ACCESS_COLUMNS) - set(model._fields)
    for column in sorted(unstored & set(sql.table_columns(model.env.cr, model._table))):
        drop = SQL(
            "ALTER TABLE %s DROP COLUMN %s",
            SQL.identifier(model._table),
            SQL.identifier(column),
        )
        try:
            with model.env.cr.savepoint(flush=False):
                model.env.cr.execute(drop, log_exceptions=False)
        except DependentObjectsStillExist:
            _logger.warning(
                "The column %s of %s is not used any more. Something in this database that is not "
                "Odoo's, such as a view, still reads it, so it stays.",
                column,
                model._table,
            )


def _drop_indexes(model):
    """Drop the ones that Odoo made for a field when it was declared with an index."""
    names = [
        sql.make_index_name(model._table, name)
        for name, field in model._fields.items()
        if field._module == ADDON and field.store and field.column_type and not field.index
    ]
    found = model.env.execute_query(
        SQL(
            """SELECT indexname FROM pg_indexes
                WHERE schemaname = current_schema AND tablename = %s AND indexname = ANY(%s)""",
            model._table,
            names,
        )
    )
    for (name,) in found:
        sql.drop_index(model.env.cr, name, model._table)
