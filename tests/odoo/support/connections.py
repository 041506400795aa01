"""Connections of their own, for tests of what happens at once: what the others see is committed."""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import get_db_name
from odoo.tools import SQL


class ConnectionsMixin:
    """``connection`` for any of Odoo's test classes; what is committed is deleted afterwards."""

    committed = ()  # the tables of it, in an order in which it can be deleted

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            self.addCleanup(self.delete_committed, self.latest(env))

    @contextmanager
    def connection(self):
        """Give the environment of a connection of its own; what it does not commit is lost."""
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.rollback()

    def latest(self, env):
        """Return the largest id of each table."""
        query = "SELECT coalesce(max(id), 0) FROM %s"
        return {
            table: env.execute_query(SQL(query, SQL.identifier(table)))[0][0]
            for table in self.committed
        }

    def delete_committed(self, before):
        with self.connection() as env:
            for table, latest in before.items():
                query = "DELETE FROM %s WHERE id > %s"
                env.cr.execute(SQL(query, SQL.identifier(table), latest))
            env.cr.commit()
