"""Which rows of an old day the history still needs, once the day is older than the var `history_months` allows.

Events are changes, so the last one of a customer is the state that the customer is in, however long ago that was: it
stays, without what it says of the time before. Of segments, their last day stays, and the highest number that was ever
given, so that no number is given twice. Models and their bins stay whole: they are small and hold no customer. Of an
experiment, the last day that was recorded stays: that is who got the campaign.
"""

from calendar import monthrange
from datetime import date
from typing import Any

KEPT = "kept"  # the event of a row that is only the state of a customer
WHOLE = ("model_clusters", "fit_bins")  # tables of which everything stays

# What a row no longer says, by table. `customers` is never empty in a row that counts as a segment of its day.
BLANKED = {
    "segment_events": (
        "distance",
        "from_segment_id",
        "from_persona",
        "from_since",
        "from_monetary_value",
        "is_refitted",
    ),
    "segment_states": ("customers", "money"),
}
LAST_EVENTS = """
with last_days as (
    select segmentation, customer_id, max(day) as day from every_day group by segmentation, customer_id
)
select {blanked} from old_days
semi join last_days using (segmentation, customer_id, day)
where segment_id is not null
"""
LAST_SEGMENTS = """
with last_days as (
    select segmentation, max(day) as day from every_day group by segmentation
),
last_of_segments as (
    select segmentation, segment_id, max(day) as day from every_day group by segmentation, segment_id
),
highest as (
    select last_of_segments.* from last_of_segments
    semi join (select segmentation, max(segment_id) as segment_id from every_day group by segmentation) as numbers
        using (segmentation, segment_id)
    anti join last_days using (segmentation, day)
)
select * from old_days
semi join last_days using (segmentation, day)
union all
select {blanked} from old_days
semi join highest using (segmentation, segment_id, day)
"""
# who was assigned to a campaign that has started is decided by the last day before the start, however long ago that was
LAST_ENROLMENTS = """
with last_days as (
    select experiment, max(day) as day from every_day group by experiment
)
select {blanked} from old_days
semi join last_days using (experiment, day)
"""
CONDENSED = {
    "segment_events": LAST_EVENTS,
    "segment_states": LAST_SEGMENTS,
    "segment_successions": None,
    "experiment_enrolments": LAST_ENROLMENTS,
}


def months_before(day: date, months: int) -> date:
    """Return the day so many months before another one; the last of its month where that month is shorter.

    Examples
    --------
    >>> months_before(date(2024, 3, 31), 1), months_before(date(2024, 1, 31), 12)
    (datetime.date(2024, 2, 29), datetime.date(2023, 1, 31))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def still_needed(session: Any, table: str, old: Any, recorded: Any) -> Any | None:
    """Return the rows of old days that later builds still need.

    Parameters
    ----------
    session : DuckDBPyConnection
        Connection of the relations.
    table : str
        Name of the recorded table, not one of `WHOLE`.
    old : DuckDBPyRelation
        Its rows of the days that are too old.
    recorded : DuckDBPyRelation
        Its rows of all days before that of the build, which the build has read.

    Returns
    -------
    DuckDBPyRelation or None
        The rows, with the same columns; None if nothing of the table is needed.
    """
    query = CONDENSED[table]
    if query is None:
        return None
    session.register("old_days", old)
    session.register("every_day", recorded)
    return session.sql(query.format(blanked=_blanked(old, BLANKED.get(table, ()))))


def _blanked(rows, emptied) -> str:
    def written(column: str, kind: Any) -> str:
        if column == "event":
            return f"'{KEPT}' as event"
        return f"cast(null as {kind}) as {column}" if column in emptied else column

    return ", ".join(map(written, rows.columns, rows.types))
