"""Prepared statements: PostgreSQL parses and plans most statements of Odoo for longer than it
executes them, and a story sends the same ones again and again."""

import itertools
import math
import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from psycopg2 import ProgrammingError

# A statement is prepared when it comes for the third time.
RARE = 2
# Parameters of the longest one that is prepared.
MOST_PARAMETERS = 400
ONE_STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b[^;]*", re.IGNORECASE)
# Where PostgreSQL has to see that two constants are equal, or what a constant is.
CONSTANTS = re.compile(r"\bGROUP BY\b|\bDISTINCT\b|\b(INTERVAL|DATE|TIMESTAMP) %s", re.IGNORECASE)


class Statements:
    """Sends statements, and has those prepared that come often."""

    def __init__(self):
        self._seen = Counter()
        self._numbers = itertools.count()

    def send(self, connection, query, params, send):
        """Send a statement, prepared or not.

        :param connection: of psycopg2; it keeps the names of its prepared statements
        :param send: function of the query and its parameters that sends them
        """
        pieces = _pieces(query, bool(params))
        types, values = (
            _flatten(params or ()) if pieces and not connection.autocommit else (None, ())
        )
        if types is None or len(values) > MOST_PARAMETERS:
            return send(query, params)
        key = (query, types)
        self._seen[key] += 1
        names = connection.__dict__.setdefault("prepared_names", {})
        if key not in names and self._seen[key] > RARE:
            names[key] = self._prepare(connection, *_declare(pieces, types))
        if not names.get(key):
            return send(query, params)
        places = f"({', '.join(['%s'] * len(values))})" if values else ""
        return send(f"EXECUTE {names[key]}{places}", values or None)

    def _prepare(self, connection, types, text):
        """Prepare a statement; return its name, or None if PostgreSQL has to know its constants."""
        name = f"s{next(self._numbers)}"
        with connection.cursor() as cr:
            cr.execute("SAVEPOINT preparing")
            try:
                cr.execute(f"PREPARE {name}{types} AS {text}")
            except ProgrammingError:
                name = None
                cr.execute("ROLLBACK TO SAVEPOINT preparing")
            cr.execute("RELEASE SAVEPOINT preparing")
        return name


@lru_cache(maxsize=10_000)
def _pieces(query, has_params):
    """Return what stands between the parameters of a statement; None if it cannot be prepared."""
    if not ONE_STATEMENT.fullmatch(query) or (has_params and CONSTANTS.search(query)):
        return None
    if not has_params:
        return (query,)
    pieces = [""]
    for part in re.split(r"(%%|%s)", query):
        if part == "%s":
            pieces.append("")
        else:
            pieces[-1] += "%" if part == "%%" else part
    return tuple(pieces)


def _flatten(params):
    """Return the types of parameters, a tuple of types for a tuple, and all their values; None for
    the types when one has no type of which PostgreSQL sees as much as of a constant."""
    if not isinstance(params, (tuple, list)):
        return None, ()
    types, values = [], []
    for param in params:
        if isinstance(param, tuple):
            found = tuple(map(_type_of, param))
            is_known = bool(found) and None not in found
            values += param
        else:
            found = _type_of(param)
            is_known = found is not None
            values.append(param)
        if not is_known:
            return None, ()
        types.append(found)
    return tuple(types), values


def _type_of(value):
    """Return the type that PostgreSQL gives to a constant, as psycopg2 writes it."""
    if value is None or isinstance(value, str):
        return "unknown"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int4" if abs(value) < 2**31 else "int8"
    if isinstance(value, (float, Decimal)):
        return "numeric" if math.isfinite(value) else None
    if isinstance(value, datetime) and not value.tzinfo:
        return "timestamp"
    return None


def _declare(pieces, types):
    """Return the types of a statement, as `PREPARE` takes them, and its text with numbers."""
    numbers, flat, text = itertools.count(1), [], pieces[0]
    for piece, found in zip(pieces[1:], types, strict=True):
        if isinstance(found, tuple):
            flat += found
            text += f"({', '.join(f'${next(numbers)}' for _type in found)})"
        else:
            flat.append(found)
            text += f"${next(numbers)}"
        text += piece
    return f"({', '.join(flat)})" if flat else "", text
