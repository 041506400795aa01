"""Tables of the docs whose data are files that tests compare their measurements with.

`python3 -m devtools.tables` writes the tables into the docs. With `--measured` it first writes the
measurements of the last test runs, which `keep` stores, into the files.
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

KEYS = ("model", "call", "fault")  # the columns that identify a row
OPERATIONS = {"read": "R", "write": "W", "create": "C", "unlink": "D"}
MARKS = {"yes": "yes", "opens": "opens", "no": ""}


def read(path):
    """Return the rows of a table as dicts."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    """Write rows, which are dicts; the columns are the keys of all of them."""
    columns = dict.fromkeys(name for row in rows for name in row)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def keep(table, part, rows, whole=True):
    """Store the rows that a run measured of a part of a table, for `take_over`.

    :param rows: dicts with some or all of the columns
    :param whole: whether the table has no other rows
    """
    folder = MEASURED / table.stem
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part}.json").write_text(json.dumps({"whole": whole, "rows": rows}))


def take_over(table):
    """Write the rows that the last runs measured into the table; keep its other rows."""
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
    """Return the table of access to records: read, write, create, delete by model and group."""
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
    """Return the table of the methods that each group may call over RPC."""
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
    """Return the table of the state of each flow after a call failed."""
    return _markdown(list(rows[0]), [list(row.values()) for row in rows])


def figures(rows):
    """Return the table of the measurements of a long run (tests/soak)."""
    return _markdown(list(rows[0]), [list(row.values()) for row in rows])


def _groups(rows):
    return [name for name in rows[0] if name not in KEYS]


def _key(row):
    return tuple(row[name] for name in KEYS if name in row)


def _markdown(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


# {document: {name of a table in it: (file with its data, function that shows it)}}
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
    """Return the text of a document with its tables from the present data."""
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
    """Write all tables into their documents; see the module."""
    if "--measured" in sys.argv:
        for table in (ACCESS, FAULTS, MACHINE_FAULTS):
            take_over(table)
    for document in TABLES:
        document.write_text(render(document))
        say(f"{document.relative_to(paths.ROOT)} is up to date")


if __name__ == "__main__":
    main()
