"""What happened since the last time, in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from customer_segmentation.formatting import count, counted, figure, listed

LAST_PERIOD = """
    select {start} as starts, {end} as ends, movement, sum(customers) as customers
    from {table}
    where segmentation = ?
    group by 1, 2, 3
    qualify ends = max(ends) over ()
"""
LARGEST_LOSS = """
    with

    moves as (
        select * from segment_migrations
        where segmentation = ? and period_end = ? and movement = 'moved'
    ),

    changes as (
        select from_persona as persona, -money_before as money from moves
        union all
        select to_persona, money_before from moves
    )

    select persona, -sum(money) as lost
    from changes
    group by persona
    having sum(money) < 0
    order by lost desc, persona
    limit 1
"""


def day_in_words(day: date) -> str:
    """Write a day.

    Examples
    --------
    >>> day_in_words(date(2024, 1, 31))
    '31 January 2024'
    """
    return f"{day.day} {day:%B %Y}"


def last_period(query: Callable[[str, Sequence[Any]], list[tuple]], segmentation: str, currency: str | None) -> str:
    """Say who moved between the last two recorded days, or else in the last month of the data.

    Parameters
    ----------
    query : callable
        Runs SQL with parameters on a publication and returns the rows.
    segmentation : str
        The segmentation.
    currency : str or None
        Sign of the currency of all money.

    Returns
    -------
    str
        A sentence; empty on the first day of customers without purchases.
    """
    found = query(
        LAST_PERIOD.format(start="period_start", end="period_end", table="segment_migrations"), [segmentation]
    )
    if found:
        start, end, *_ = found[0]
        lost = query(LARGEST_LOSS, [segmentation, end])
        sentences = [f"From {day_in_words(start)} to {day_in_words(end)}, {_in_words(found)}."]
        sentences += [f"By these moves, {persona} lost {figure(money, currency)}." for persona, money in lost]
        return " ".join(sentences)
    found = query(
        LAST_PERIOD.format(start="date_trunc('month', month_end)", end="month_end", table="monthly_migrations"),
        [segmentation],
    )
    return f"In {found[0][1]:%B %Y}, by today's model, {_in_words(found)}." if found else ""


def movement_of_defaults(session: Any, relations: Mapping[str, Any]) -> list[str]:
    """Say for the default segmentation of each dataset who moved, as a build does when it ends.

    Parameters
    ----------
    session : DuckDBPyConnection
        Connection of the relations.
    relations : mapping of str to DuckDBPyRelation
        The public tables, by name.

    Returns
    -------
    list of str
        A sentence with the name of the segmentation before it, where there is something to say.
    """
    read = ("segment_migrations", "monthly_migrations")
    for name in read:
        session.register(name, relations[name])
    try:
        defaults = relations["segmentation_fits"].filter("is_default").project("segmentation").order("segmentation")
        [(currency,)] = relations["campaign_recommendations"].aggregate("max(currency)").fetchall()
        sentences = {
            name: last_period(lambda sql, values: session.execute(sql, values).fetchall(), name, currency)
            for (name,) in defaults.fetchall()
        }
    finally:
        for name in read:
            session.unregister(name)
    return [f"{name}: {sentence}" for name, sentence in sentences.items() if sentence]


def _in_words(found) -> str:
    customers = {movement: int(number) for *_, movement, number in found}
    moved = counted(customers.get("moved", 0), "customer")
    others = [f"{count(customers[name])} {name}" for name in ("came", "went") if customers.get(name)]
    return listed([f"{moved} moved to another segment", *others])
