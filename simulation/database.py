"""The database of a simulation: a copy for each story, with the time of the simulation."""

import re
from collections import Counter
from contextlib import closing
from functools import lru_cache

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, STATUS_READY
from psycopg2.sql import SQL as Text
from psycopg2.sql import Identifier

from odoo import sql_db
from odoo.tools import SQL, config

from .prepared import Statements

# As Odoo's own test mode for a false time does it: `now()` is found in `public` first.
NOW_FUNCTION = """
    CREATE OR REPLACE FUNCTION public.now() RETURNS timestamp with time zone LANGUAGE sql STABLE
    AS $$ SELECT current_setting('simulation.now')::timestamptz $$
"""
# A vacuum of the server would come at a moment that no seed knows.
NO_AUTOVACUUM = """
    DO $$ DECLARE name regclass; BEGIN
        FOR name IN SELECT oid FROM pg_class
                     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', name); END LOOP;
    END $$
"""
# The tables of a statement.
READ = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)', re.IGNORECASE)
WRITTEN = re.compile(r'(?:^|[();])\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
# Milliseconds that a transaction waits for one that cannot go on before it.
LOCK_TIMEOUT = 5
# Of each copy. Queries of a small shop are over before they are compiled, or planned.
SETTINGS = (
    "search_path = public, pg_catalog",
    "synchronous_commit = off",
    "jit = off",
    "plan_cache_mode = force_generic_plan",
)


class Database:
    """Copies of a template, one after the other, under one name."""

    def __init__(self, name, template):
        self.name = name
        self._template = template
        self._snapshots = {}

    def create(self):
        """Begin with a copy of the template, and give it the time of the simulation."""
        self._replace_by(self._template)
        with closing(self._connect(self.name)) as connection:
            for query in (NOW_FUNCTION, NO_AUTOVACUUM):
                connection.cursor().execute(query)

    def save(self, key):
        """Keep the present state as `key`."""
        sql_db.close_db(self.name)
        self._snapshots[key] = f"{self.name}_{key}"
        self._drop(self._snapshots[key])
        self._copy(self.name, self._snapshots[key])

    def restore(self, key):
        """Go back to the state that was kept as `key`."""
        self._replace_by(self._snapshots[key])

    def _replace_by(self, source):
        sql_db.close_db(self.name)
        self._drop(self.name)
        self._copy(source, self.name)

    def remove(self):
        """Drop the database and what was kept."""
        sql_db.close_db(self.name)
        for name in (self.name, *self._snapshots.values()):
            self._drop(name)

    def clean(self, tables):
        """Do what PostgreSQL's own vacuum does, at a moment of the simulation.

        :param tables: the names of what has been written to
        """
        names = Text(", ").join(map(Identifier, sorted(tables)))
        with closing(self._connect(self.name)) as connection:
            connection.cursor().execute(Text("VACUUM ANALYZE {}").format(names))

    def _copy(self, source, target):
        with closing(self._connect("postgres")) as connection, connection.cursor() as cr:
            names = Identifier(target), Identifier(source)
            cr.execute(Text("CREATE DATABASE {} TEMPLATE {}").format(*names))
            alter = Text("ALTER DATABASE {} SET {}")
            for setting in SETTINGS:
                cr.execute(alter.format(Identifier(target), Text(setting)))

    def _drop(self, name):
        with closing(self._connect("postgres")) as connection, connection.cursor() as cr:
            cr.execute(Text("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))

    def _connect(self, name):
        _name, info = sql_db.connection_info_for(name)
        connection = psycopg2.connect(**info)
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        return connection


@lru_cache(maxsize=10_000)
def tables_of(query):
    """Return the tables that a statement reads, and those that it writes to."""
    return frozenset(READ.findall(query)), tuple(WRITTEN.findall(query))


class Cursors:
    """Odoo's cursors: each transaction gets the time of the simulation, each commit is a moment at
    which the simulation may step in.

    :param clock: the Clock
    :ivar is_nested: function that tells whether an outer transaction cannot go on before this one
        ends
    :ivar writes: how many statements have changed something in each table
    :ivar read: the tables that were read, for whoever wants to know
    """

    def __init__(self, clock):
        self._clock = clock
        self.is_nested = lambda: False
        self.before_commit = self.after_commit = lambda: None
        self.writes = Counter()
        self.read = set()
        # Its connections would be closed whenever a night passes.
        sql_db.MAX_IDLE_TIMEOUT = float("inf")
        self._patch_execute()
        self._patch_commit()
        self._patch_connect()

    def _patch_execute(self):
        execute = sql_db.Cursor.execute
        cursors, statements = self, Statements()

        def execute_in_time(cr, query, params=None, log_exceptions=True):
            if isinstance(query, SQL):
                query, params = query.code, query.params
            if isinstance(query, bytes):
                query = query.decode()
            read, written = tables_of(query)
            cursors.read.update(read)
            begin = ""
            if cr._cnx.status == STATUS_READY:
                cr._now = cursors._clock.now
                begin = cursors._begin()

            def send(query, params):
                return execute(cr, f"{begin}{query}", params, log_exceptions)

            result = statements.send(cr._cnx, query, params, send)
            if written and cr.rowcount:
                cursors.writes.update(written)
            return result

        sql_db.Cursor.execute = execute_in_time
        # What PostgreSQL would answer, without asking it.
        sql_db.Cursor.now = lambda cr: cr._now or cursors._clock.now

    def _begin(self):
        settings = f"SET LOCAL simulation.now = '{self._clock.now}+00';"
        if self.is_nested():
            settings += f"SET LOCAL lock_timeout = {LOCK_TIMEOUT};"
        return settings

    def _patch_commit(self):
        cursors = self

        def commit(connection):
            if connection.status == STATUS_READY:
                return
            cursors.before_commit()
            psycopg2.extensions.connection.commit(connection)
            cursors.after_commit()

        sql_db.PsycoConnection.commit = commit
        # All settings are those of a transaction: there is nothing else to reset.
        sql_db.PsycoConnection.reset = lambda connection: connection.rollback()

    def _patch_connect(self):
        """Have notifications sent in the same database: Odoo connects to `postgres` each time."""
        connect = sql_db.db_connect

        def connect_here(to, *args, **options):
            return connect(config["db_name"][0] if to == "postgres" else to, *args, **options)

        sql_db.db_connect = connect_here
