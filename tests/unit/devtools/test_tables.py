"""python3 -m devtools.tables: what tests met becomes the table that they are compared with."""

import pytest

from devtools import paths, tables


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MEASURED", tmp_path / "measured")
    table = tmp_path / "faults.csv"
    table.write_text("fault,stock,orders\nfire,done,done\nwater,button,done\n")
    return table


def test_what_was_kept_last_is_taken_over_once(table):
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


def test_columns_that_are_whole_say_which_rows_there_are_and_in_which_order(table):
    for flow in ("stock", "orders"):
        rows = [{"fault": "theft", flow: "done"}, {"fault": "fire", flow: "button"}]
        tables.keep(table, flow, rows)

    tables.take_over(table)

    assert table.read_text() == "fault,stock,orders\ntheft,done,done\nfire,button,button\n"


def test_a_row_is_found_by_all_that_it_is_about(table):
    table.write_text("model,call,public\na,read,no\na,write,no\n")
    rows = [{"model": "a", "call": call, "public": "yes"} for call in ("read", "create")]
    tables.keep(table, "all", rows)

    tables.take_over(table)

    assert table.read_text() == "model,call,public\na,read,yes\na,create,yes\n"


def test_a_run_that_left_nothing_changes_nothing(table):
    before = table.read_text()

    tables.take_over(table)

    assert table.read_text() == before


@pytest.mark.parametrize("table", [tables.ACCESS, tables.FAULTS, tables.MACHINE_FAULTS])
def test_the_tables_are_written_as_they_are_read(table, tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MEASURED", tmp_path)
    copy = tmp_path / table.name
    tables.write(copy, tables.read(table))
    assert copy.read_text() == table.read_text()


@pytest.mark.parametrize("document", tables.TABLES, ids=lambda path: path.name)
def test_the_documents_show_the_tables(document):
    assert document.read_text() == tables.render(document), "Run python3 -m devtools.tables."
    assert document.is_relative_to(paths.ROOT / "docs")
