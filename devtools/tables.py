"""Tables of the docs that are written down once, as the data that a test checks against.

A test that measures a table compares it with what it met, and keeps that. `python3 -m
devtools.tables` puts the tables into the docs again; with `--measured`, it first takes over what
the last runs met.
"""

import csv
import json
import sys

from . import paths
from .steps import say

ACCESS = paths.ROOT / "tests" / "odoo" / "security" / "access.csv"
FAULTS = paths.ROOT / "tests" / "odoo" / "module" / "faults.csv"
SECURITY = paths.ROOT / "docs" / "security.md"
MACHINE_FAULTS = paths.ROOT / "tests" / "e2e" / "machine_faults.csv"
MIXED_LOAD = paths.ROOT / "tests" / "soak" / "mixed_load.csv"
SOAK = paths.ROOT / "tests" / "soak" / "report.csv"
RELIABILITY = paths.ROOT / "docs" / "reliability.md"
MEASURED = paths.LOCAL / "test" / "measured"
TAKE_OVER = "Right? Then run python3 -m devtools.tables --measured."

KEYS = ("model", "call", "fault")  # the columns that say what a row is about
OPERATIONS = {"read": "R", "write": "W", "create": "C", "unlink": "D"}
MARKS = {"yes": "yes", "opens": "opens", "no": ""}


def read(path):
    """Return the rows of a table as dicts."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    """Write a table of dicts; its columns are the keys of all of them."""
    columns = dict.fromkeys(name for row in rows for name in row)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def keep(table, part, rows, whole=True):
    """Keep what a run met of a part of a table, until somebody agrees with it.

    The rows may have some of the columns only; `whole` says that the table has no other rows.
    """
    folder = MEASURED / table.stem
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part}.json").write_text(json.dumps({"whole": whole, "rows": rows}))


def take_over(table):
    """Make what the last runs met what the next ones are compared with; the rest stays."""
    old = read(table)
    empty = dict.fromkeys(old[0], "")
    rows = {_key(row): row for row in old}
    for file in sorted((MEASURED / table.stem).glob("*.json")):
        kept = json.loads(file.read_text())
        met = {_key(row): row for row in kept["rows"]}
        keys = met if kept["whole"] else rows | met
        rows = {key: rows.get(key, empty) | met.get(key, {}) for key in keys}
        file.unlink()
    write(table, list(rows.values()))


def access_records(rows):
    """Who may read, write, create and delete the records of each model."""
    models = {}
    for row in rows:
        if row["call"] in OPERATIONS:
            models.setdefault(row["model"], []).append(row)
    groups = _groups(rows)
    return _markdown(
        ["model", *groups],
        [
            [
                f"`{model}`",
                *(
                    " ".join(OPERATIONS[row["call"]] for row in calls if row[group] == "yes")
                    for group in groups
                ),
            ]
            for model, calls in models.items()
        ],
    )


def access_methods(rows):
    """Who may call which method over RPC."""
    groups = _groups(rows)
    return _markdown(
        ["method", *groups],
        [
            [f"`{row['model']}` `{row['call']}`", *(MARKS[row[group]] for group in groups)]
            for row in rows
            if row["call"] not in OPERATIONS
        ],
    )


def faults(rows):
    """What becomes of each flow when a call fails."""
    return _markdown(list(rows[0]), [list(row.values()) for row in rows])


def figures(rows):
    """What a long run measured; see tests/soak."""
    return _markdown(list(rows[0]), [list(row.values()) for row in rows])


def _groups(rows):
    return [name for name in rows[0] if name not in KEYS]


def _key(row):
    return tuple(row[name] for name in KEYS if name in row)


def _markdown(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


# Document: {name of the table in it: (where its data is, how it is shown)}
TABLES = {
    SECURITY: {
        "records": (ACCESS, access_records),
        "methods": (ACCESS, access_methods),
    },
    RELIABILITY: {
        "faults": (FAULTS, faults),
        "machine faults": (MACHINE_FAULTS, faults),
        "mixed load": (MIXED_LOAD, figures),
        "soak": (SOAK, figures),
    },
}


def render(document):
    """Return the text of a document with its tables as their data is now."""
    text = document.read_text()
    for name, (source, show) in TABLES[document].items():
        begin = f"<!-- table: {name} -->\n"
        before, found, rest = text.partition(begin)
        if not found:
            raise ValueError(f"{document.name} has no place for the table {name}")
        _old, end, after = rest.partition("<!-- end -->")
        text = f"{before}{begin}\n{show(read(source))}\n\n{end}{after}"
    return text


def main():
    """Write all tables into their documents."""
    if "--measured" in sys.argv:
        for table in (ACCESS, FAULTS, MACHINE_FAULTS):
            take_over(table)
    for document in TABLES:
        document.write_text(render(document))
        say(f"{document.relative_to(paths.ROOT)} is up to date")


if __name__ == "__main__":
    main()
