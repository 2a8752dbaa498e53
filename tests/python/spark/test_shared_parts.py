"""What a query reads several times, or would blow up, is computed on its own."""

from customer_segmentation.spark.shared_parts import MOST_EXPRESSIONS, shared_parts


def test_a_part_that_is_read_twice_is_taken_out_with_what_it_reads():
    parts, query = shared_parts(
        "with a as (select x from s__t), b as (select x + 1 as y from a), c as (select y from b where y > 0) "
        "select * from b union all select * from c as d",
        "marts__m",
    )
    assert parts == {"marts__m__b": "WITH a AS (SELECT x FROM s__t) SELECT x + 1 AS y FROM a"}
    assert query == (
        "WITH a AS (SELECT x FROM s__t), c AS (SELECT y FROM `marts__m__b` AS b WHERE y > 0) "
        "SELECT * FROM `marts__m__b` AS b UNION ALL SELECT * FROM c AS d"
    )


def test_a_query_without_such_parts_stays_as_it_is():
    query = "WITH a AS (SELECT x FROM s__t) SELECT x FROM a"
    assert shared_parts(query, "m") == ({}, query)
    assert shared_parts("SELECT 1 AS x", "m") == ({}, "SELECT 1 AS x")


def test_a_column_that_doubles_at_each_level_is_cut_before_it_is_too_large():
    levels = [f"l{n} as (select x{n - 1} * x{n - 1} as x{n} from l{n - 1})" for n in range(1, 31)]
    query = f"with l0 as (select x0 from s__t), {', '.join(levels)} select x30 from l30"
    parts, _ = shared_parts(query, "m")
    assert 1 < len(parts) < 5
    assert 2**11 < MOST_EXPRESSIONS < 2**20
