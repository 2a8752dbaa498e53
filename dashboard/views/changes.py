"""Who moved between segments, how segments grew, whom to win back, and whether the model still holds."""

from datetime import date
from functools import partial

import layout
import pandas as pd
import reading
import streamlit as st
import tabs

from customer_segmentation.formatting import capitalised, count, figure, is_missing, number, p_value, percent
from customer_segmentation.language import _, day_text, isolated, ngettext, translatable
from customer_segmentation.publication.movement import SEGMENTS, first_day, last_period, waiting_fit
from customer_segmentation.report import findings
from customer_segmentation.report.charts.movement import NOT_IN, moves, sizes
from customer_segmentation.report.decisions import MOST_TOLD
from customer_segmentation.report.page import Cell, Table

MONTHS, BUILDS = translatable("Month ends, by today's model"), translatable("Recorded days, as found then")
MOST_MOVERS = 50
MONTHS_BACK = 12  # that the flow spans at first
NOTHING_YET = translatable("There is nothing to compare yet.")


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen.
    """
    layout.title(_("What changed"), segmentation)
    layout.text(_last_period(segmentation), "lead")
    tabs.show(
        "changes",
        {
            translatable("Who moved"): partial(_moves, segmentation),
            translatable("Segments over time"): partial(_sizes, segmentation),
            translatable("Whom to win back"): partial(_movers, segmentation),
            translatable("Does the model still hold?"): partial(_drift, segmentation),
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
    return st.segmented_control(
        _("Days"), list(sources), format_func=_, default=next(iter(sources)), required=True, key=key
    )


def _moves(segmentation) -> None:
    sources = _sources(segmentation)
    if not sources:
        layout.note(_(NOTHING_YET))
        return
    source = _chosen_source(sources, f"moves of {segmentation}")
    days = sources[source]
    left, right = st.columns(2)
    if source == MONTHS:
        start = left.selectbox(
            _("From"),
            days[:-1],
            index=max(len(days) - 1 - MONTHS_BACK, 0),
            format_func=day_text,
            key=f"start {segmentation}",
        )
        later = [day for day in days if day > start]
        end = right.selectbox(
            _("To"), later, index=len(later) - 1, format_func=day_text, key=f"end {segmentation} {start}"
        )
        flows = _flows_of_months(segmentation, start, end)
    else:
        end = left.selectbox(_("Period that ends on"), days[:0:-1], format_func=day_text, key=f"period {segmentation}")
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
    layout.chart(
        moves(flows, names, [day_text(start), day_text(end)]),
        capitalised(_movement(int(moved["customers"].sum()), staying)),
        key=f"flow {segmentation}",
    )
    rows = [
        [
            Cell(names.loc[row.from_segment_id, "persona"], swatch=names.loc[row.from_segment_id, "colour"]),
            names.loc[row.to_segment_id, "persona"],
            number(row.customers),
        ]
        for row in moved.itertuples()
    ]
    if rows:
        headers = [_("from"), _("to"), _("customers")]
        layout.table(Table(_("Customers who moved, the most first."), headers, rows, frozenset({2})))


def _movement(moved, staying) -> str:
    if not staying:
        return ngettext(
            "{customers} customer moved to another segment, none stayed.",
            "{customers} customers moved to another segment, none stayed.",
            moved, customers=count(moved),
        )  # fmt: skip
    return ngettext(
        "{customers} customer moved to another segment, {others} stayed.",
        "{customers} customers moved to another segment, {others} stayed.",
        moved, customers=count(moved), others=count(staying),
    )  # fmt: skip


def _names(segmentation) -> pd.DataFrame:
    return reading.rows(SEGMENTS, [segmentation]).set_index("segment_id")


def _sizes(segmentation) -> None:
    sources = _sources(segmentation)
    if not sources:
        layout.note(_(NOTHING_YET))
        return
    source = _chosen_source(sources, f"sizes of {segmentation}")
    rows = _sizes_of_months(segmentation) if source == MONTHS else _sizes_of_builds(segmentation)
    rows = rows.join(_names(segmentation), on="segment_id")
    layout.heading(_("Customers"))
    layout.chart(
        sizes(rows.rename(columns={"customers": "value"}), _("customers")),
        _sizes_in_words(rows),
        key=f"sizes {segmentation}",
    )
    if rows["money"].notna().any():
        layout.heading(_("Their money"))
        layout.chart(
            sizes(rows.rename(columns={"money": "value"}), _("money")),
            _("Monetary value of all customers of the segment."),
            key=f"money {segmentation}",
        )


def _sizes_in_words(rows) -> str:
    last = rows[rows["day"] == rows["day"].max()].sort_values("customers", ascending=False)
    written = [f"{isolated(row.persona)} {number(row.customers)}" for row in last.itertuples()]
    if len(written) > MOST_TOLD + 1:
        written = [*written[:MOST_TOLD], _("{count} others", count=count(len(written) - MOST_TOLD))]
    return _(
        "Customers in each segment. On {day}: {segments}.",
        day=day_text(last["day"].iloc[0]), segments=", ".join(written),
    )  # fmt: skip


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
        _(
            "Customers worth more than the average who moved from a segment above it to one that is worth less, most "
            "money first. Only moves that builds have found."
        )
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
        layout.text(_("No such customer is known."))
        return
    layout.download(
        ngettext(
            "Download {customers} customer as CSV",
            "Download {customers} customers as CSV",
            total,
            customers=number(total),
        ),
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
            day_text(row.changed_on),
            figure(row.money_before, currency),
            "" if is_missing(row.money_after) else figure(row.money_after, currency),
        ]
        for row in shown.itertuples()
    ]
    headers = [_("customer"), _("from"), _("to"), _("found on"), _("money before"), _("money after")]
    caption = _("Customers to win back.")
    if total > len(rows):
        caption += " " + _("The first {customers}; the download has all of them.", customers=number(len(rows)))
    layout.table(Table(caption, headers, rows, frozenset({4, 5})))


def _drift(segmentation) -> None:
    publication = reading.publication()
    checks = publication.table("drift_checks", segmentation=segmentation)
    if checks.empty:
        compared = _("Today's customers are compared with those of the model before.")
        layout.note(f"{_(NOTHING_YET)} {compared}")
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
                _(
                    "{measure}: a {size} drift ({effect}); {share} of the customers are beyond anybody in the fit.",
                    measure=capitalised(row.label),
                    size=_(row.drift),
                    effect=number(row.effect, 2),
                    share=percent(row.share_outside),
                )
                for row in drifted.itertuples()
            ],
            "warnings",
        )
    rows = [
        [
            row.label,
            _(row.drift),
            number(row.effect, 2),
            number(row.stability_index, 3),
            p_value(row.p_value),
            percent(row.share_outside),
        ]
        for row in checks.sort_values("effect", ascending=False).itertuples()
    ]
    caption = _(
        "{now} customers of today against {then} of the fit. Effects: {small} is small, {medium} medium, "
        "{large} large.",
        now=number(checks["customers_now"].iloc[0]), then=number(checks["customers_then"].iloc[0]),
        small=number(0.1, 1), medium=number(0.3, 1), large=number(0.5, 1),
    )  # fmt: skip
    headers = [
        _("measure"), _("drift"), _("effect"), _("stability index"), _("chance without drift"), _("beyond the fit"),
    ]  # fmt: skip
    layout.table(Table(caption, headers, rows, frozenset({2, 3, 4, 5})))
