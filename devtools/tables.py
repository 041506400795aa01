"""Tables of the docs that are written down once, as the data that a test checks against.

`python3 -m devtools.tables` puts them into the docs again after a change; with `--faults`, it first
takes over the outcomes that the last run of tests/odoo/test_faults.py met.
"""

import csv
import json
import sys

from . import paths
from .steps import say

ACCESS = paths.ROOT / "tests" / "odoo" / "access.csv"
FAULTS = paths.ROOT / "tests" / "odoo" / "faults.csv"
LAST_FAULTS = paths.LOCAL / "test" / "faults"
SECURITY = paths.ROOT / "docs" / "security.md"
MACHINE_FAULTS = paths.ROOT / "tests" / "e2e" / "machine_faults.csv"
MIXED_LOAD = paths.ROOT / "tests" / "soak" / "mixed_load.csv"
SOAK = paths.ROOT / "tests" / "soak" / "report.csv"
RELIABILITY = paths.ROOT / "docs" / "reliability.md"

OPERATIONS = {"read": "R", "write": "W", "create": "C", "unlink": "D"}
MARKS = {"yes": "yes", "opens": "opens", "no": ""}


def read(path):
    """Return the rows of a table as dicts."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    """Write a table of dicts that all have the same keys."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def keep_faults(flow, outcomes):
    """Keep what a run of the tests met, {fault: outcome}, until somebody agrees with it."""
    LAST_FAULTS.mkdir(parents=True, exist_ok=True)
    (LAST_FAULTS / f"{flow}.json").write_text(json.dumps(outcomes))


def take_over_faults():
    """Make what the last run met the table that the next one is compared with."""
    flows = [name for name in read(FAULTS)[0] if name != "fault"]
    last = {flow: json.loads((LAST_FAULTS / f"{flow}.json").read_text()) for flow in flows}
    names = next(iter(last.values()))
    write(FAULTS, [{"fault": name} | {flow: last[flow][name] for flow in flows} for name in names])


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
    return [name for name in rows[0] if name not in ("model", "call")]


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
    if "--faults" in sys.argv:
        take_over_faults()
    for document in TABLES:
        document.write_text(render(document))
        say(f"{document.relative_to(paths.ROOT)} is up to date")


if __name__ == "__main__":
    main()
