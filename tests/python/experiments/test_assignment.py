"""The arms of an experiment: they depend on salt and id alone, hold the shares, and are independent of each other."""

import duckdb
import jinja2
import pytest
from scipy.stats import chi2

from helpers.macro_files import macro_source

CUSTOMERS = 20_000
MOST_CHI_SQUARE = chi2.ppf(0.999, 1)  # the draws are fixed, so the test passes always or never


def arm(salt: str, share: str) -> str:
    """Return the expression of an arm, as the macro writes it."""
    source = macro_source("row_hash", "experiment_arm") + "{{ experiment_arm(salt, 'customer_id', share) }}"
    return jinja2.Environment().from_string(source).render(salt=f"'{salt}'", share=share)


def assigned(salt: str, share: str, customers: int = CUSTOMERS, order: str = "customer_id") -> dict[str, str]:
    query = (
        f"with customers as (select 'C' || number as customer_id from range({customers}) as numbers(number)) "
        f"select customer_id, {arm(salt, share)} as arm from customers order by {order}"
    )
    return dict(duckdb.sql(query).fetchall())


def test_more_customers_move_nobody():
    few, many = assigned("spring", "0.5", 1000), assigned("spring", "0.5", order="random()")
    assert {customer: many[customer] for customer in few} == few
    assert set(few.values()) == {"control", "treated"}


@pytest.mark.parametrize("share", ["0.05", "0.2", "0.5", "0.9"])
def test_the_control_has_its_share(share):
    found = list(assigned("spring", share).values()).count("control")
    expected = CUSTOMERS * float(share)
    assert (found - expected) ** 2 / (expected * (1 - float(share))) < MOST_CHI_SQUARE


def test_a_larger_control_holds_the_smaller_one():
    small, large = (
        {customer for customer, found in assigned("spring", share).items() if found == "control"}
        for share in ("0.1", "0.3")
    )
    assert small < large


def independence(one: dict[str, str], other: dict[str, str]) -> float:
    """Return the chi-square statistic of two assignments of the same customers."""
    counts = {(a, b): 0 for a in ("control", "treated") for b in ("control", "treated")}
    for customer, found in one.items():
        counts[found, other[customer]] += 1
    rows = {a: sum(counts[a, b] for b in ("control", "treated")) for a in ("control", "treated")}
    columns = {b: sum(counts[a, b] for a in ("control", "treated")) for b in ("control", "treated")}
    return sum(
        (count - rows[a] * columns[b] / CUSTOMERS) ** 2 / (rows[a] * columns[b] / CUSTOMERS)
        for (a, b), count in counts.items()
    )


@pytest.mark.parametrize("salts", [("spring", "summer"), ("2025_1", "2025_2"), ("a", "b")])
def test_two_salts_draw_independently(salts):
    one, other = (assigned(salt, "0.5") for salt in salts)
    assert independence(one, other) < MOST_CHI_SQUARE
    assert independence(one, one) > CUSTOMERS / 2
