import duckdb
import pandas as pd
import pytest

from customer_segmentation.warehouse.frames import limited_frame, typed_relation

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


def test_a_small_relation_is_read_whole_and_sorted():
    with duckdb.connect() as session:
        frame = limited_frame(session.sql("select * from (values (2, 'b'), (1, 'a')) as t (id, name)"), 2)
        assert frame.to_numpy().tolist() == [[1, "a"], [2, "b"]]


def test_a_large_relation_is_thinned_to_a_sample_that_is_the_same_whatever_its_order():
    with duckdb.connect() as session:
        up = limited_frame(session.sql("select i as id, i % 7 as day from range(100000) as t (i) order by i"), 1000)
        down = limited_frame(
            session.sql("select i as id, i % 7 as day from range(100000) as t (i) order by i desc"), 1000
        )
        assert up.equals(down)
        assert len(up) == 1000
        assert up["day"].nunique() == 7
        assert 45_000 < up["id"].mean() < 55_000


def test_a_large_relation_of_equal_rows_is_thinned_too():
    with duckdb.connect() as session:
        assert len(limited_frame(session.sql("select 1 as id from range(5000)"), 1000)) == 1000
