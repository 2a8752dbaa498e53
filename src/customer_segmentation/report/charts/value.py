"""What customers are worth: the RFM grid, the curve of the money, who buys month by month, and cohorts."""

import altair as alt
import pandas as pd

from customer_segmentation.formatting import figure, is_missing, named, number, percent
from customer_segmentation.language import _, month_text, translatable
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import (
    BETWEEN,
    LABEL,
    LINE,
    PHONE,
    TITLE,
    data,
    lines,
    middle,
    rounded,
    tick,
)
from customer_segmentation.report.charts.heat_maps import NO_FIELD, NOTHING, field_colours
from customer_segmentation.report.value_findings import HALF, TOP, Measure, curve, customers_for, money_of_top

SCORES = (1, 2, 3, 4, 5)
CELL_HEIGHT = 76
NAME_WIDTH, NAME_SIZE = 58, 10  # of the group in a cell: a fifth of a telephone
COHORTS, MONTHS = 24, 12  # rows and columns of the table of cohorts
COHORT_HEIGHT = 20
LEAST_APART = 0.08  # of the money, between two texts beside the curve
NEW, RETURNING, LAPSED = translatable("new"), translatable("returning"), translatable("lapsed")
COLOURS = {RETURNING: theme.ACCENT, NEW: "#56b4e9", LAPSED: theme.CONTRAST}


def grid(cells: pd.DataFrame, measure: Measure) -> alt.LayerChart:
    """Draw the RFM grid: customers and what they are worth, by how lately and how much they buy.

    Parameters
    ----------
    cells : DataFrame
        As `Publication.rfm_cells` returns them; a cell without customers has no row.
    measure : Measure
        What they are worth. Money is added up, a score is averaged.

    Returns
    -------
    LayerChart
    """
    worth = cells["money"] if measure.adds_up else cells["mean_monetary"]
    most, customers = worth.max(), cells["customers"].sum()
    everything = worth.sum()
    known = {(row.recency_score, row.value_score): place for place, row in enumerate(cells.itertuples())}
    shown = []
    for recency in SCORES:
        for value in SCORES:
            cell: dict = {"recency": recency, "value": value, **field_colours(NO_FIELD)}
            cell |= {"lines": NOTHING, "group": _("no customer")}
            if (recency, value) in known:
                row, own = cells.iloc[known[recency, value]], worth.iloc[known[recency, value]]
                is_known = not is_missing(own)
                share = max(own, 0) / most if is_known and most > 0 else 0
                written = [figure(own, measure.unit)] if is_known else []
                cell |= {
                    "group": row["rfm_group"],
                    "customers": int(row["customers"]),
                    "share": percent(row["customers"] / customers),
                    "worth": figure(own, measure.unit) if is_known else _("not shown"),
                    "part": percent(own / everything) if is_known and everything > 0 and own >= 0 else "",
                    **field_colours(theme.sequential(share)),
                    "lines": "\n".join(
                        [*lines(row["rfm_group"], NAME_WIDTH, NAME_SIZE), number(int(row["customers"])), *written]
                    ),
                }
            shown.append(cell)
    axis = alt.Axis(grid=False, ticks=False, domain=False, labelAngle=0)
    x = alt.X(
        "value:O",
        title=lines(_("value score, 1 (rarely, for little) to 5 (often, for much)"), PHONE, TITLE),
        axis=axis,
    )
    y = alt.Y(
        "recency:O",
        sort="descending",
        title=lines(_("recency score, 1 (long ago) to 5 (just now)"), PHONE, TITLE),
        axis=axis,
    )
    what = measure.label if measure.adds_up else _("mean {label}", label=measure.label)
    tooltip = [
        alt.Tooltip("group:N", title=_("RFM group")),
        alt.Tooltip("recency:O", title=_("recency score")),
        alt.Tooltip("value:O", title=_("value score")),
        alt.Tooltip("customers:Q", title=_("customers"), format=","),
        alt.Tooltip("share:N", title=_("of the customers")),
        alt.Tooltip("worth:N", title=what),
        *([alt.Tooltip("part:N", title=_("of the money"))] if measure.adds_up else []),
    ]
    chart = alt.Chart(data(shown)).encode(x=x, y=y)
    fields = chart.mark_rect(stroke=theme.GRID).encode(color=alt.Color("colour:N", scale=None), tooltip=tooltip)
    size = alt.ExprRef(f"width > 600 ? {LABEL} : {NAME_SIZE}")
    texts = chart.mark_text(fontSize=size, lineHeight=LINE, baseline="middle", dy=middle(LINE)).encode(
        text=alt.Text("lines:N"), color=alt.Color("ink:N", scale=None), tooltip=tooltip
    )
    most_lines = max(len(cell["lines"].split("\n")) for cell in shown)
    return alt.layer(fields, texts).properties(height=max(CELL_HEIGHT, LINE * most_lines + BETWEEN) * len(SCORES))


def concentration(points: pd.DataFrame) -> alt.LayerChart:
    """Draw which share of the customers brings which share of the money, the most valuable customers first.

    Parameters
    ----------
    points : DataFrame
        As `Publication.concentration` returns them, of customers who have brought money.

    Returns
    -------
    LayerChart
    """
    shown = curve(points)
    rows = pd.DataFrame(
        {"customers": 100 * shown["share_of_customers"], "money": 100 * shown["share_of_money"]}
    ).assign(
        customers_text=shown["share_of_customers"].map(percent),
        money_text=shown["share_of_money"].map(percent),
    )
    top, half = money_of_top(shown), customers_for(shown)
    marks = [_mark(half, HALF), _mark(TOP, top)]
    if abs(top - HALF) < LEAST_APART:  # one text would cover the other
        marks = marks[:1]
    highest = max(100.0, float(rows["money"].max()))
    x = alt.X(
        "customers:Q",
        title=lines(_("share of the customers, the most valuable first, %"), PHONE, TITLE),
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(tickCount=5, grid=False),
    )
    y = alt.Y(
        "money:Q",
        title=_("share of the money, %"),
        scale=alt.Scale(domain=[0, highest], nice=False),
        axis=alt.Axis(tickCount=5),
    )
    tooltip = [
        alt.Tooltip("customers_text:N", title=_("most valuable customers")),
        alt.Tooltip("money_text:N", title=_("their share of the money")),
    ]
    equal = alt.Chart(data([{"customers": 0, "money": 0}, {"customers": 100, "money": 100}]))
    line = alt.Chart(data(rows)).encode(x=x, y=y, tooltip=tooltip)
    dots = alt.Chart(data(marks)).encode(x=x, y=y)
    return alt.layer(
        equal.mark_line(color=theme.MUTED, strokeDash=[5, 4], strokeWidth=1).encode(x=x, y=y),
        line.mark_area(color=theme.ACCENT, opacity=0.12),
        line.mark_line(color=theme.ACCENT, strokeWidth=2.5),
        # wide and unseen, for the pointer
        line.mark_point(size=160, opacity=0),
        dots.mark_point(color=theme.INK, filled=True, size=60, opacity=1),
        dots.mark_text(align="left", baseline="top", dx=10, dy=4, lineHeight=LINE, fontWeight="bold").encode(
            text=alt.Text("lines:N")
        ),
    ).properties(height=320)


def _mark(customers: float, money: float) -> dict:
    # on a telephone the right half has no room for one long line
    between = ", " if customers <= 0.3 else "\n"
    parts = (_("{share} of the customers", share=percent(customers)), _("{share} of the money", share=percent(money)))
    return {"customers": 100 * customers, "money": 100 * money, "lines": between.join(parts)}


def buyers(months: pd.DataFrame) -> alt.LayerChart:
    """Draw how many new and returning customers bought in each month, and below how many lapsed.

    Parameters
    ----------
    months : DataFrame
        As `value_findings.by_month` returns them.

    Returns
    -------
    LayerChart
    """
    rows = [
        {
            "month": month_text(row.month_end, is_short=True),
            "kind": kind,
            "customers": int(count),
            "drawn": int(sign * count),
        }
        for row in months.itertuples()
        for kind, count, sign in ((RETURNING, row.returning, 1), (NEW, row.new, 1), (LAPSED, row.lapsed, -1))
    ]
    tooltip = [
        alt.Tooltip("month:N", title=_("month")),
        alt.Tooltip("kind:N", title=_("customers who are")),
        alt.Tooltip("customers:Q", title=_("customers"), format=","),
    ]
    return _bars(rows, "drawn", _("customers, lapsed below zero"), tooltip, [RETURNING, NEW, LAPSED])


def money(months: pd.DataFrame, unit: str | None) -> alt.LayerChart:
    """Draw what new and returning customers paid in each month.

    Parameters
    ----------
    months : DataFrame
        As `value_findings.by_month` returns them.
    unit : str or None
        Unit of the money.

    Returns
    -------
    LayerChart
    """
    rows = [
        {
            "month": month_text(row.month_end, is_short=True),
            "kind": kind,
            "money": rounded(paid),
            "text": figure(paid, unit),
        }
        for row in months.itertuples()
        for kind, paid in ((RETURNING, row.returning_money), (NEW, row.new_money))
    ]
    tooltip = [
        alt.Tooltip("month:N", title=_("month")),
        alt.Tooltip("kind:N", title=_("customers who are")),
        alt.Tooltip("text:N", title=_("money")),
    ]
    return _bars(rows, "money", named(_("money net of returns"), unit), tooltip, [RETURNING, NEW])


def _bars(rows: list[dict], field: str, title: str, tooltip: list[alt.Tooltip], kinds: list[str]) -> alt.LayerChart:
    places = [{**row, "kind": _(row["kind"]), "order": kinds.index(row["kind"])} for row in rows]
    key = alt.Legend(title=None, orient="top", symbolType="square")
    bars = (
        alt.Chart(data(places))
        .mark_bar(stroke=theme.PAPER, strokeWidth=0.5)
        .encode(
            x=alt.X(
                "month:O",
                sort=list(dict.fromkeys(row["month"] for row in rows)),
                title=_("month"),
                axis=alt.Axis(grid=False, labelAngle=0, labelOverlap=True),
            ),
            y=alt.Y(f"{field}:Q", title=lines(title, 220, TITLE), stack="zero", axis=alt.Axis(labelExpr=tick())),
            color=alt.Color(
                "kind:N",
                legend=key,
                scale=alt.Scale(domain=[_(kind) for kind in kinds], range=[COLOURS[kind] for kind in kinds]),
            ),
            order=alt.Order("order:Q"),
            tooltip=tooltip,
        )
    )
    zero = alt.Chart(data([{"zero": 0}])).mark_rule(color=theme.MUTED).encode(y=alt.Y("zero:Q"))
    return alt.layer(bars, zero).properties(height=260)


def cohorts(rows: pd.DataFrame) -> alt.LayerChart:
    """Draw which share of each cohort buys in each of the months after the first purchase, the latest cohort last.

    Parameters
    ----------
    rows : DataFrame
        Rows of `purchase_cohorts` of one dataset.

    Returns
    -------
    LayerChart
    """
    firsts = sorted(rows["first_month_end"].unique())[-COHORTS:]
    later = rows[rows["months_since"].between(1, MONTHS) & rows["first_month_end"].isin(firsts)]
    shown = [
        {
            "cohort": month_text(row.first_month_end, is_short=True),
            "months": int(row.months_since),
            "customers": int(row.customers),
            "buyers": int(row.buyers),
            "share": percent(row.buyers / row.customers),
            "text": f"{100 * row.buyers / row.customers:.0f}",
            **field_colours(theme.sequential(row.buyers / row.customers)),
        }
        for row in later.sort_values(["first_month_end", "months_since"]).itertuples()
    ]
    order = list(dict.fromkeys(row["cohort"] for row in shown))
    axis = alt.Axis(grid=False, ticks=False, domain=False, labelAngle=0)
    tooltip = [
        alt.Tooltip("cohort:N", title=_("first purchase in")),
        alt.Tooltip("months:O", title=_("months since")),
        alt.Tooltip("customers:Q", title=_("customers of the cohort"), format=","),
        alt.Tooltip("buyers:Q", title=_("bought in the month"), format=","),
        alt.Tooltip("share:N", title=_("share buying")),
    ]
    chart = alt.Chart(data(shown)).encode(
        x=alt.X("months:O", title=_("months since the first purchase"), axis=axis),
        y=alt.Y("cohort:N", sort=order, title=_("month of the first purchase"), axis=axis),
        tooltip=tooltip,
    )
    return alt.layer(
        chart.mark_rect(stroke=theme.PAPER, strokeWidth=0.5).encode(color=alt.Color("colour:N", scale=None)),
        chart.mark_text(fontSize=10, baseline="middle").encode(
            text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
        ),
    ).properties(height=COHORT_HEIGHT * max(len(order), 1))
