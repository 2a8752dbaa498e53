import duckdb
import pytest

from customer_segmentation.publication.sort_key import FEW_VALUES, short_sort_key

WORDS = ["", "a", "ab", "abc", "ab'c", "b", "é", "éa", "日本", "日本語", "Z", None]


@pytest.mark.parametrize(
    "words",
    [
        WORDS,
        [None],
        ["same"],
        ["A", "AB", "ABC"],
        [f"customer number {number}" for number in range(500)],
        [f"customer {number:05}" for number in range(500)] + [None],
        [f"customer {number:05}" for number in range(500)] + ["customer 00 12", "customer +0012", "customer 0001x"],
        [f"customer {number:05}" for number in range(500)] + ["customer 0012", "customer 000012"],
        [f"{number:020}" for number in range(500)],
        [f"日本語 {number:05}" for number in range(500)] + ["日本語 ", None],
        [chr(code) for code in range(40, 700)],
    ],
)
def test_short_keys_give_the_order_of_the_long_ones(words):
    with duckdb.connect() as session:
        session.execute("create table t (word varchar, number integer)")
        session.executemany("insert into t values (?, ?)", [(word, number % 3) for number, word in enumerate(words)])
        relation = session.table("t")
        for columns in (["word", "number"], ["number", "word"]):
            expected = relation.order(", ".join(columns)).fetchall()
            assert relation.order(short_sort_key(relation, columns)).fetchall() == expected


def test_few_values_are_sorted_by_their_place_and_of_many_the_common_beginning_is_left_out():
    with duckdb.connect() as session:
        relation = session.sql(
            "select 'segmentation ' || i % 3 as few, 'customer ' || i as many, 'C' || (10000 + i) as numbered, i "
            f"from range({FEW_VALUES * 10}) as t (i)"
        )
        key = short_sort_key(relation, ["few", "many", "numbered", "i"])
    assert key == (
        "cast(list_position(['segmentation 0', 'segmentation 1', 'segmentation 2'], \"few\") as utinyint), "
        'substring("many", 10), cast(substring("numbered", 4) as bigint), "i"'
    )
