"""Who moved between segments, how segments grew, whom to win back, and whether the model still holds."""

from datetime import date
from functools import partial

import layout
import pandas as pd
import reading
import streamlit as st
import tabs

from customer_segmentation.formatting import capitalised, count, counted, figure, is_missing, p_value, percent
from customer_segmentation.publication.movement import SEGMENTS, day_in_words, first_day, last_period, waiting_fit
from customer_segmentation.report import findings
from customer_segmentation.report.charts.movement import NOT_IN, moves, sizes
from customer_segmentation.report.page import Cell, Table

MONTHS, BUILDS = "Month ends, by today's model", "Recorded days, as found then"
MOST_MOVERS = 50
MONTHS_BACK = 12  # that the flow spans at first
NOTHING_YET = "There is nothing to compare yet."


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen.
    """
    layout.title("What changed", segmentation)
    layout.text(_last_period(segmentation), "lead")
    tabs.show(
        "changes",
        {
            "Who moved": partial(_moves, segmentation),
            "Segments over time": partial(_sizes, segmentation),
            "Whom to win back": partial(_movers, segmentation),
            "Does the model still hold?": partial(_drift, segmentation),
        },
    )


def _last_period(segmentation) -> str:
    return last_period(_query, segmentation, reading.publication().currency()) or first_day(_query, segmentation)


def _query(sql, parameters) -> list[tuple]:
    return list(reading.rows(sql, parameters).itertuples(index=False, name=None))


def _sources(segmentation) -> dict[str, list[date]]:
    """Return the days that can be compared, by how they are known."""
    months = reading.rows(
        """
        select distinct month_end as day from monthly_migrations where segmentation = ?
        union
        select min(valid_from) from segment_history where segmentation = ? having count(*) > 0
        order by day
        """,
        [segmentation, segmentation],
    )["day"]
    builds = reading.rows("select distinct day from segment_sizes where segmentation = ? order by day", [segmentation])
    days = {MONTHS: list(months.dt.date) if len(months) else [], BUILDS: list(pd.to_datetime(builds["day"]).dt.date)}
    return {name: found for name, found in days.items() if len(found) > 1}


def _chosen_source(sources, key) -> str:
    if len(sources) == 1:
        return next(iter(sources))
    return st.segmented_control("Days", list(sources), default=next(iter(sources)), required=True, key=key)


def _moves(segmentation) -> None:
    sources = _sources(segmentation)
    if not sources:
        layout.note(NOTHING_YET)
        return
    source = _chosen_source(sources, f"moves of {segmentation}")
    days = sources[source]
    left, right = st.columns(2)
    if source == MONTHS:
        start = left.selectbox(
            "From",
            days[:-1],
            index=max(len(days) - 1 - MONTHS_BACK, 0),
            format_func=day_in_words,
            key=f"start {segmentation}",
        )
        later = [day for day in days if day > start]
        end = right.selectbox(
            "To", later, index=len(later) - 1, format_func=day_in_words, key=f"end {segmentation} {start}"
        )
        flows = _flows_of_months(segmentation, start, end)
    else:
        end = left.selectbox("Period that ends on", days[:0:-1], format_func=day_in_words, key=f"period {segmentation}")
        start = days[days.index(end) - 1]
        flows = _flows_of_build(segmentation, end)
    _flow(segmentation, flows, start, end)


def _flows_of_months(segmentation, start, end) -> pd.DataFrame:
    return reading.rows(
        """
        with

        states as (
            select
                customer_id,
                max(case when valid_from <= ? and coalesce(valid_to, ?) >= ? then segment_id end) as before,
                max(case when valid_from <= ? and coalesce(valid_to, ?) >= ? then segment_id end) as after
            from segment_history
            where segmentation = ?
            group by customer_id
        )

        select coalesce(before, 0) as from_segment_id, coalesce(after, 0) as to_segment_id, count(*) as customers
        from states
        where before is not null or after is not null
        group by all
        order by all
        """,
        [start, end, start, end, end, end, segmentation],
    )


def _flows_of_build(segmentation, end) -> pd.DataFrame:
    return reading.rows(
        """
        select from_segment_id, to_segment_id, customers
        from segment_migrations
        where segmentation = ? and period_end = ?
        order by all
        """,
        [segmentation, end],
    )


def _flow(segmentation, flows, start, end) -> None:
    names = _names(segmentation)
    ends = flows[["from_segment_id", "to_segment_id"]]
    is_same = ends["from_segment_id"] == ends["to_segment_id"]
    moved = flows[~is_same & (ends > NOT_IN).all(axis=1)].sort_values("customers", ascending=False)
    staying = int(flows.loc[is_same, "customers"].sum())
    stayed = count(staying) if staying else "none"
    layout.chart(
        moves(flows, names, [day_in_words(start), day_in_words(end)]),
        capitalised(f"{counted(int(moved['customers'].sum()), 'customer')} moved to another segment, {stayed} stayed."),
        key=f"flow {segmentation}",
    )
    rows = [
        [
            Cell(names.loc[row.from_segment_id, "persona"], swatch=names.loc[row.from_segment_id, "colour"]),
            names.loc[row.to_segment_id, "persona"],
            f"{row.customers:,}",
        ]
        for row in moved.itertuples()
    ]
    if rows:
        layout.table(Table("Customers who moved, the most first.", ["from", "to", "customers"], rows, frozenset({2})))


def _names(segmentation) -> pd.DataFrame:
    return reading.rows(SEGMENTS, [segmentation]).set_index("segment_id")


def _sizes(segmentation) -> None:
    sources = _sources(segmentation)
    if not sources:
        layout.note(NOTHING_YET)
        return
    source = _chosen_source(sources, f"sizes of {segmentation}")
    rows = _sizes_of_months(segmentation) if source == MONTHS else _sizes_of_builds(segmentation)
    rows = rows.join(_names(segmentation), on="segment_id")
    layout.heading("Customers")
    layout.chart(
        sizes(rows.rename(columns={"customers": "value"}), "customers"),
        _sizes_in_words(rows),
        key=f"sizes {segmentation}",
    )
    if rows["money"].notna().any():
        layout.heading("Their money")
        layout.chart(
            sizes(rows.rename(columns={"money": "value"}), "money"),
            "Monetary value of all customers of the segment.",
            key=f"money {segmentation}",
        )


def _sizes_in_words(rows) -> str:
    last = rows[rows["day"] == rows["day"].max()].sort_values("customers", ascending=False)
    written = [f"{row.persona} {row.customers:,}" for row in last.itertuples()]
    return f"Customers in each segment. On {day_in_words(last['day'].iloc[0])}: {', '.join(written)}."


def _sizes_of_months(segmentation) -> pd.DataFrame:
    return reading.rows(
        """
        with

        months as (
            select distinct month_end from monthly_migrations where segmentation = ?
        )

        select months.month_end as day, history.segment_id, count(*) as customers, cast(null as double) as money
        from segment_history as history
        inner join months
            on
                history.valid_from <= months.month_end
                and coalesce(history.valid_to, months.month_end) >= months.month_end
        where history.segmentation = ?
        group by all
        order by all
        """,
        [segmentation, segmentation],
    )


def _sizes_of_builds(segmentation) -> pd.DataFrame:
    return reading.rows(
        "select day, segment_id, customers, money from segment_sizes where segmentation = ? order by all",
        [segmentation],
    )


def _movers(segmentation) -> None:
    layout.note(
        "Customers worth more than the average who moved from a segment above it to one that is worth less, most money "
        "first. Only moves that builds have found."
    )
    query = """
        select
            customer_id, from_persona, to_persona, changed_on, money_before, money_after, is_refitted
        from segment_movers
        where segmentation = ?
        order by money_before desc, customer_id
        """
    total = int(
        reading.rows("select count(*) as customers from segment_movers where segmentation = ?", [segmentation])[
            "customers"
        ].iloc[0]
    )
    if total == 0:
        layout.text("No such customer is known.")
        return
    layout.download(
        f"Download {total:,} customers as CSV",
        partial(reading.csv, query, [segmentation]),
        f"{segmentation}_movers.csv",
        type="primary",
    )
    shown = reading.rows(f"{query} limit {MOST_MOVERS}", [segmentation])
    currency = reading.publication().currency()
    rows = [
        [
            row.customer_id,
            row.from_persona,
            row.to_persona,
            day_in_words(row.changed_on),
            figure(row.money_before, currency),
            "" if is_missing(row.money_after) else figure(row.money_after, currency),
        ]
        for row in shown.itertuples()
    ]
    headers = ["customer", "from", "to", "found on", "money before", "money after"]
    most = "" if total == len(rows) else f" The first {len(rows)}; the download has all of them."
    layout.table(Table(f"Customers to win back.{most}", headers, rows, frozenset({4, 5})))


def _drift(segmentation) -> None:
    publication = reading.publication()
    checks = publication.table("drift_checks", segmentation=segmentation)
    if checks.empty:
        layout.note(f"{NOTHING_YET} Today's customers are compared with those of the model before.")
        return
    if waiting := waiting_fit(_query, segmentation):
        layout.text(waiting, "lead")
    labels = publication.labels(reading.fit_of(segmentation)["dataset"])
    checks = checks.assign(label=findings.measures(checks, labels))
    drifted = checks[checks["drift"].isin(findings.DRIFTED)]
    layout.text(findings.drift_sentence(checks, labels), "lead")
    if len(drifted):
        layout.items(
            [
                f"{capitalised(row.label)}: a {row.drift} drift ({row.effect:.2f}); {percent(row.share_outside)} of "
                "the customers are beyond anybody in the fit."
                for row in drifted.itertuples()
            ],
            "warnings",
        )
    rows = [
        [
            row.label,
            row.drift,
            f"{row.effect:.2f}",
            f"{row.stability_index:.3f}",
            p_value(row.p_value),
            percent(row.share_outside),
        ]
        for row in checks.sort_values("effect", ascending=False).itertuples()
    ]
    layout.table(
        Table(
            f"{int(checks['customers_now'].iloc[0]):,} customers of today against "
            f"{int(checks['customers_then'].iloc[0]):,} of the fit. Effects: 0.1 is small, 0.3 medium, 0.5 large.",
            ["measure", "drift", "effect", "stability index", "chance without drift", "beyond the fit"],
            rows,
            frozenset({2, 3, 4, 5}),
        )
    )
