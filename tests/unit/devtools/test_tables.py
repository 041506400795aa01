"""python3 -m devtools.tables: measurements of tests become the tables in the docs."""

import pytest

from devtools import paths, tables


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MEASURED", tmp_path / "measured")
    table = tmp_path / "faults.csv"
    table.write_text("fault,stock,orders\nfire,done,done\nwater,button,done\n")
    return table


def test_the_last_measurement_is_taken_over_once(table):
    tables.keep(table, "fire", [{"fault": "fire", "stock": "wrong"}], whole=False)
    tables.keep(table, "fire", [{"fault": "fire", "stock": "button"}], whole=False)

    tables.take_over(table)
    assert table.read_text() == "fault,stock,orders\nfire,button,done\nwater,button,done\n"

    table.write_text("fault,stock,orders\nfire,done,done\n")
    tables.take_over(table)
    assert table.read_text() == "fault,stock,orders\nfire,done,done\n"


def test_a_new_row_joins_the_others(table):
    tables.keep(table, "theft", [{"fault": "theft", "stock": "done"}], whole=False)

    tables.take_over(table)

    assert tables.read(table)[2:] == [{"fault": "theft", "stock": "done", "orders": ""}]
    assert len(tables.read(table)) == 3


def test_a_whole_part_determines_the_rows_and_their_order(table):
    for flow in ("stock", "orders"):
        rows = [{"fault": "theft", flow: "done"}, {"fault": "fire", flow: "button"}]
        tables.keep(table, flow, rows)

    tables.take_over(table)

    assert table.read_text() == "fault,stock,orders\ntheft,done,done\nfire,button,button\n"


def test_a_row_is_found_by_all_its_keys(table):
    table.write_text("model,call,public\na,read,no\na,write,no\n")
    rows = [{"model": "a", "call": call, "public": "yes"} for call in ("read", "create")]
    tables.keep(table, "all", rows)

    tables.take_over(table)

    assert table.read_text() == "model,call,public\na,read,yes\na,create,yes\n"


def test_a_run_without_measurements_changes_nothing(table):
    before = table.read_text()

    tables.take_over(table)

    assert table.read_text() == before


@pytest.mark.parametrize("table", [tables.ACCESS, tables.FAULTS, tables.MACHINE_FAULTS])
def test_a_written_table_reads_the_same(table, tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MEASURED", tmp_path)
    copy = tmp_path / table.name
    tables.write(copy, tables.read(table))
    assert copy.read_text() == table.read_text()


@pytest.mark.parametrize("document", tables.TABLES, ids=lambda path: path.name)
def test_the_documents_show_the_tables(document):
    assert document.read_text() == tables.render(document), "Run python3 -m devtools.tables."
    assert document.is_relative_to(paths.ROOT / "docs")
