"""Statements that come often are prepared, and come to the same as before."""

from contextlib import nullcontext
from datetime import datetime, timezone

import pytest
from psycopg2 import ProgrammingError

from simulation.prepared import RARE, Statements


class Connection:
    """Keeps what is prepared, and what is sent.

    :ivar refuses: part of the statements that PostgreSQL does not prepare
    """

    autocommit = False
    refuses = None

    def __init__(self, statements=None):
        self.statements = statements or Statements()
        self.prepared = []

    def cursor(self):
        return nullcontext(self)

    def execute(self, query):
        self.prepared.append(query)
        if query.startswith("PREPARE") and self.refuses and self.refuses in query:
            raise ProgrammingError

    def send(self, query, params=None):
        """Send a statement; return what was sent for it."""
        return self.statements.send(self, query, params, lambda *sent: sent)

    def send_often(self, query, params=None):
        """Send a statement until it may be prepared; return what was sent for it then."""
        for _time in range(RARE):
            assert self.send(query, params) == (query, params)
            assert not self.prepared
        return self.send(query, params)


@pytest.fixture
def connection():
    return Connection()


def test_a_statement_that_comes_often_is_prepared_and_then_executed(connection):
    query = "SELECT a FROM b WHERE c = %s AND d IN %s AND e LIKE '%%'"
    sent = connection.send_often(query, ["x", (1, 2**40)])
    assert sent == ("EXECUTE s0(%s, %s, %s)", ["x", 1, 2**40])
    assert connection.prepared == [
        "SAVEPOINT preparing",
        "PREPARE s0(unknown, int4, int8) AS "
        "SELECT a FROM b WHERE c = $1 AND d IN ($2, $3) AND e LIKE '%'",
        "RELEASE SAVEPOINT preparing",
    ]
    assert connection.send(query, ["y", (3, 2**41)]) == ("EXECUTE s0(%s, %s, %s)", ["y", 3, 2**41])
    assert len(connection.prepared) == 3


def test_a_statement_without_parameters_is_prepared_as_it_is_written(connection):
    query = "SELECT a FROM b WHERE c LIKE 'd%'"
    assert connection.send_often(query) == ("EXECUTE s0", None)
    assert f"PREPARE s0 AS {query}" in connection.prepared


@pytest.mark.parametrize(
    "other",
    [["x"], [True], [1.5], [datetime(2026, 1, 1)], [(1,)], [(1, 2)]],  # noqa: DTZ001
)
def test_other_types_are_another_statement(connection, other):
    query = "SELECT %s"
    connection.send_often(query, [1])
    assert connection.send(query, other) == (query, other)


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("SET a = %s", [1]),
        ("SELECT 1; SELECT %s", [1]),
        ("SELECT f(%s, a) FROM b GROUP BY f(%s, a)", ["x", "x"]),
        ("SELECT INTERVAL %s", ["1 day"]),
        ("SELECT %s", [[1, 2]]),
        ("SELECT %s", [float("nan")]),
        ("SELECT %s", [datetime(2026, 1, 1, tzinfo=timezone.utc)]),
        ("SELECT %(a)s", {"a": 1}),
        ("SELECT a IN %s", [()]),
    ],
)
def test_what_would_not_come_to_the_same_is_not_prepared(connection, query, params):
    assert connection.send_often(query, params) == (query, params)


def test_what_postgresql_does_not_prepare_is_sent_as_it_is(connection):
    connection.refuses = "concat"
    query = "SELECT concat(%s)"
    assert connection.send_often(query, ["x"]) == (query, ["x"])
    assert connection.prepared[-2] == "ROLLBACK TO SAVEPOINT preparing"
    count = len(connection.prepared)
    assert connection.send(query, ["x"]) == (query, ["x"])
    assert len(connection.prepared) == count, "it is tried once"


def test_nothing_is_prepared_outside_of_a_transaction(connection):
    connection.autocommit = True
    assert connection.send_often("SELECT %s", [1]) == ("SELECT %s", [1])


def test_another_connection_prepares_for_itself(connection):
    connection.send_often("SELECT %s", [1])
    other = Connection(connection.statements)
    assert other.send("SELECT %s", [1]) == ("EXECUTE s1(%s)", [1])
    assert other.prepared
