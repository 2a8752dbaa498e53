"""What the comparison of two publications says."""

import duckdb
import pytest

from helpers.compare_publications import main


@pytest.fixture
def publications(tmp_path):
    """Two databases: a table that is equal but for the clock, one whose rows differ, one that is gone, one that is new."""
    for name, statements in {
        "before": (
            "create table same (a integer, seconds double); insert into same values (1, 0.5), (1, 0.6)",
            "create table other (key integer, word varchar, old varchar); insert into other values (1, 'a', 'x'), (2, 'b', 'x')",
            "create table gone (a integer)",
        ),
        "after": (
            "create table same (a integer, seconds double); insert into same values (1, 0.7), (1, 0.8)",
            "create table other (key bigint, word varchar, young varchar); insert into other values (1, 'a', 'y'), (2, 'c', 'y')",
            "create table young (a integer)",
        ),
    }.items():
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as database:
            for statement in statements:
                database.execute(statement)
    return [str(tmp_path / "before.duckdb"), str(tmp_path / "after.duckdb")]


def test_every_difference_is_named(publications, capsys):
    assert main(publications) == 1
    assert capsys.readouterr().out.splitlines() == [
        "gone: the table is gone",
        "young: a new table",
        "other.old: the column is gone",
        "other.young: a new column",
        "other.key: was INTEGER, is BIGINT",
        "other: 1 rows only before, 1 only after; they differ in word",
        "6 differences",
    ]


def test_the_clock_makes_no_difference(publications, capsys):
    before, _ = publications
    assert main([before, before]) == 0
    assert capsys.readouterr().out == "All public tables are equal.\n"


def test_how_often_a_row_is_there_counts(publications, capsys):
    before, after = publications
    with duckdb.connect(after) as database:
        database.execute("insert into same values (1, 0.9)")
    main([before, after])
    assert "same: 0 rows only before, 1 only after" in capsys.readouterr().out
