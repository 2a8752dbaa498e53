import duckdb
import pandas as pd
import pytest

from segmentation.frames import typed_relation

SCHEMA = {"name": "varchar", "amount": "bigint"}


@pytest.mark.parametrize("rows", [[], [(None, None)], [("a", 1)]])
def test_columns_have_their_declared_types_whatever_the_rows(rows):
    with duckdb.connect() as session:
        relation = typed_relation(session, pd.DataFrame(rows, columns=["name", "amount"]), SCHEMA)
        assert [str(kind) for kind in relation.types] == ["VARCHAR", "BIGINT"]
        assert relation.fetchall() == rows


def test_other_columns_are_an_error():
    with duckdb.connect() as session, pytest.raises(ValueError, match=r"\['name'\] differ from the declared"):
        typed_relation(session, pd.DataFrame({"name": ["a"]}), SCHEMA)


def test_values_that_do_not_fit_their_type_are_an_error():
    with duckdb.connect() as session, pytest.raises(duckdb.ConversionException):
        typed_relation(session, pd.DataFrame({"name": ["a"], "amount": ["many"]}), SCHEMA).fetchall()
