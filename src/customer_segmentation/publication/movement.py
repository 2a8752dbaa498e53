"""What happened since the last time: who passed between the segments, and the same in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from customer_segmentation.formatting import count, figure, in_sentence, is_missing, listed, number
from customer_segmentation.language import _, day_text, month_text, ngettext, translatable
from customer_segmentation.publication.database import CURRENCY
from customer_segmentation.publication.retelling import retold

Query = Callable[[str, Sequence[Any]], list[tuple]]  # runs SQL with parameters on a publication, returns the rows

LAST_FLOWS = """
    select
        {start} as starts, {end} as ends, from_segment_id, from_persona, to_segment_id, to_persona, movement, customers
    from {table}
    where segmentation = ?
    qualify ends = max(ends) over ()
    order by from_segment_id, to_segment_id
"""
# the days that the flows begin and end with
RECORDED = {"start": "period_start", "end": "period_end", "table": "segment_migrations"}
MONTHLY = {
    "start": "cast(date_trunc('month', month_end) - interval 1 day as date)",
    "end": "month_end",
    "table": "monthly_migrations",
}
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
# persona and colour by segment, the latest of each; also of segments that are no longer there
SEGMENTS = """
    select segment_id, max_by(persona, day) as persona, max_by(colour, day) as colour
    from segment_sizes
    where segmentation = ?
    group by segment_id
"""
FIRST_DAY = "select max(day) from segment_sizes where segmentation = ?"
# refit_comparisons.reason of a fit that waits
BEYOND_LIMIT = (
    translatable("it would move {moved} of one customer ({share}), beyond the limit of {limit}"),
    translatable("it would move {moved} of {customers} customers ({share}), beyond the limit of {limit}"),
)


@dataclass(frozen=True)
class Flow:
    """Customers who went the same way; their number is missing where too few did to be counted in public."""

    from_segment_id: int
    from_persona: str | None
    to_segment_id: int
    to_persona: str | None
    movement: str
    customers: int | None


@dataclass(frozen=True)
class Period:
    """The time between two days, and who passed between the segments; `is_recorded` if builds have found it then."""

    start: date
    end: date
    is_recorded: bool
    flows: list[Flow]

    @property
    def has_changes(self) -> bool:
        """Whether any customer moved, came or went."""
        return any(flow.movement != "stayed" for flow in self.flows)

    def went(self, movement: str, smallest_cell: int = 1) -> int:
        """Add up the customers of a movement, such as `moved`.

        Parameters
        ----------
        movement : str
            `came`, `moved`, `stayed` or `went`.
        smallest_cell : int
            The smallest group that is counted; a smaller one is taken for half of it.

        Returns
        -------
        int
        """
        return sum(
            smallest_cell // 2 if flow.customers is None else flow.customers
            for flow in self.flows
            if flow.movement == movement
        )


def day_in_words(day: date) -> str:
    """Write a day.

    Examples
    --------
    >>> day_in_words(date(2024, 1, 31))
    '31 January 2024'
    """
    return day_text(day)


def number_in_digits(customers: int, smallest_cell: int) -> str:
    """Write a number of customers for a table.

    Examples
    --------
    >>> number_in_digits(1204, 1), number_in_digits(43, 5), number_in_digits(4, 5)
    ('1,204', 'about 45', 'fewer than five')
    """
    return number(customers) if smallest_cell == 1 else number_in_words(customers, smallest_cell)


def number_in_words(customers: int, smallest_cell: int) -> str:
    """Write a number of customers that was added up of rounded ones, or an exact one.

    Examples
    --------
    >>> number_in_words(7, 1), number_in_words(43, 5), number_in_words(4, 5), number_in_words(0, 5)
    ('seven', 'about 45', 'fewer than five', 'no')
    """
    if smallest_cell == 1 or customers == 0:
        return count(customers)
    if customers < smallest_cell:
        return _("fewer than {number}", number=count(smallest_cell))
    from customer_segmentation.publication.disclosure import rounded  # brings pandas, which a command need not wait for

    return _("about {number}", number=count(rounded(customers, smallest_cell)))


def last_flows(query: Query, segmentation: str) -> Period | None:
    """Return who passed between the segments from one recorded day to the last, or else in the last month.

    Parameters
    ----------
    query : callable
        Runs SQL with parameters on a publication and returns the rows.
    segmentation : str
        The segmentation.

    Returns
    -------
    Period or None
        None on the first day of customers without purchases.
    """
    for source in (RECORDED, MONTHLY):
        rows = query(LAST_FLOWS.format(**source), [segmentation])
        if rows:
            start, end, *_ = rows[0]
            flows = [
                Flow(before, left, after, entered, movement, None if is_missing(customers) else int(customers))
                for _, _, before, left, after, entered, movement, customers in rows
            ]
            return Period(start, end, source is RECORDED, flows)
    return None


def last_period(query: Query, segmentation: str, currency: str | None, smallest_cell: int = 1) -> str:
    """Say who moved between the last two recorded days, or else in the last month of the data.

    Parameters
    ----------
    query : callable
        Runs SQL with parameters on a publication and returns the rows.
    segmentation : str
        The segmentation.
    currency : str or None
        Sign of the currency of all money.
    smallest_cell : int
        The smallest group that the publication counts; from two on its numbers are rounded.

    Returns
    -------
    str
        A sentence; empty on the first day of customers without purchases.
    """
    period = last_flows(query, segmentation)
    if period is None:
        return ""
    words = movement_in_words(period, smallest_cell)
    if not period.is_recorded:
        return _("In {month}, by today's model, {movement}.", month=month_text(period.end), movement=words)
    lost = query(LARGEST_LOSS, [segmentation, period.end])
    days = {"start": day_text(period.start), "end": day_text(period.end)}
    sentences = [_("From {start} to {end}, {movement}.", **days, movement=words)]
    sentences += [
        _("By these moves, {persona} lost {money}.", persona=in_sentence(persona), money=figure(money, currency))
        for persona, money in lost
    ]
    return " ".join(sentences)


def waiting_fit(query: Query, segmentation: str) -> str:
    """Say whether a new fit waits to be accepted, and how to accept it.

    Parameters
    ----------
    query : callable
        Runs SQL with parameters on a publication and returns the rows.
    segmentation : str
        The segmentation.

    Returns
    -------
    str
        Two sentences; empty if none waits.
    """
    found = query(
        "select reason, accept_command from refit_comparisons where segmentation = ? and decision = 'waiting'",
        [segmentation],
    )
    return " ".join(
        _(
            "A new fit waits, because {reason}. To accept it: {command}, then build again.",
            reason=retold(reason, BEYOND_LIMIT),
            command=command,
        )
        for reason, command in found
    )


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
    read = ("segment_migrations", "monthly_migrations", "campaign_recommendations", "customers")
    for name in read:
        session.register(name, relations[name])
    try:
        defaults = relations["segmentation_fits"].filter("is_default").project("segmentation").order("segmentation")
        [(currency,)] = session.execute(CURRENCY).fetchall()
        sentences = {
            name: last_period(lambda sql, values: session.execute(sql, values).fetchall(), name, currency)
            for (name,) in defaults.fetchall()
        }
    finally:
        for name in read:
            session.unregister(name)
    return [f"{name}: {sentence}" for name, sentence in sentences.items() if sentence]


def movement_in_words(period: Period, smallest_cell: int = 1) -> str:
    """Say how many customers moved in a period, and how many others came and went.

    Parameters
    ----------
    period : Period
        The period.
    smallest_cell : int
        The smallest group that is counted.

    Returns
    -------
    str
        The end of a sentence.
    """
    moved, came, went = (period.went(name, smallest_cell) for name in ("moved", "came", "went"))

    def form(customers: int) -> int:
        return customers if smallest_cell == 1 else 2  # a rounded number is no single customer

    def told(customers: int) -> str:
        return number_in_words(customers, smallest_cell)

    words = [
        ngettext(
            "{number} customer moved to another segment", "{number} customers moved to another segment", form(moved),
            number=told(moved),
        )
    ]  # fmt: skip
    if came:
        words.append(ngettext("{number} came", "{number} came", form(came), number=told(came)))
    if went:
        words.append(ngettext("{number} went", "{number} went", form(went), number=told(went)))
    return listed(words)


def first_day(query: Query, segmentation: str) -> str:
    """Say from when on changes are shown, where there are none yet; empty where no day of the segmentation is known."""
    ((day,),) = query(FIRST_DAY, [segmentation])
    if is_missing(day):
        return ""
    return _(
        "There is nothing to compare with yet: {day} is the only day known of these customers. A build on a later day "
        "shows who moved, if builds keep a history (var history_folder).",
        day=day_text(day),
    )
