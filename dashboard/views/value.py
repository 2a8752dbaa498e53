"""What customers are worth: RFM groups, also by segment, who brings the money, who comes and who lapses."""

from functools import partial

import layout
import reading
import streamlit as st
import tabs
from audience import left_out
from choice import label
from layout import Figure

from customer_segmentation.formatting import TYPICAL, figure, header, number
from customer_segmentation.language import _, month_text, ngettext, translatable
from customer_segmentation.publication.reach import REACH_OF_RFM_GROUPS
from customer_segmentation.report import about_lifetime, value_findings
from customer_segmentation.report.about_value import groups_of_segments, groups_table
from customer_segmentation.report.charts import value as charts
from customer_segmentation.report.figures import value_figures
from customer_segmentation.report.figures.dataset_figures import SPENDING
from customer_segmentation.report.figures.figure import NotDrawn
from customer_segmentation.report.page import Cell, Table

MOST_MONTHS = 36  # of the charts by month, the latest
REACH = f"""
    select
        count(*) filter (is_reached) as reached,
        count(control_of) filter (no_contact_because is null) as in_control,
        count(no_contact_because) as barred
    from ({REACH_OF_RFM_GROUPS}) as reach
    where dataset = ? and rfm_group_id = ?
"""
SCORES = f"""
    select
        customer_id, rfm_group, recency_score, frequency_score, monetary_score, value_score, recency as recency_days,
        frequency, monetary as monetary_value, campaign_id, campaign, channel, offer
    from ({REACH_OF_RFM_GROUPS}) as reach
    where dataset = ? and rfm_group_id = ? and is_reached
    order by monetary desc, customer_id
"""
KNOWS_REACH = "select 1 from duckdb_columns() where table_name = 'rfm_scores' and column_name = 'no_contact_because'"


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen; the page is about the customers of its dataset.
    """
    dataset = reading.fit_of(segmentation)["dataset"]
    publication = reading.publication()
    layout.title(_("Value and RFM"), segmentation)
    groups = publication.table("rfm_groups", dataset=dataset)
    if groups.empty or not groups["customers"].sum():
        layout.text(
            _(
                "{dataset} has no purchases to compare: RFM groups need the day, the number and the amount of each "
                "customer's purchases, as a list of transactions or as columns that the seed rfm_measures names.",
                dataset=publication.dataset_name(dataset),
            ),
            "lead",
        )
        _other_value(publication, segmentation)
        return
    measure = value_figures.measure(publication, dataset)
    # what is paid month by month is money, whatever the groups go by
    unit = measure.unit if measure.adds_up else value_figures.currency(publication)
    layout.text(_lead(publication, dataset, groups, measure), "lead")
    tabs.show(
        "value",
        {
            translatable("Groups"): partial(_groups, publication, dataset, groups, measure),
            translatable("Groups against segments"): partial(_segments, publication, segmentation),
            translatable("Concentration"): partial(_concentration, publication, dataset),
            translatable("New, returning and lapsed"): partial(_flow, publication, dataset, unit),
            translatable("Expected value"): partial(_expected, publication, segmentation, dataset),
        },
    )


def _lead(publication, dataset, groups, measure) -> str:
    best = f"{value_findings.groups_title(groups, measure)}."
    if not measure.adds_up:
        return best
    return f"{value_findings.concentration_sentence(publication.concentration(dataset))} {best}"


def _other_value(publication, segmentation) -> None:
    """Show what else is known of what customers spend, without purchases."""
    profiles = publication.table("segment_profiles", segmentation=segmentation)
    known = [name for name in SPENDING if len(profiles) and (profiles["feature"] == name).any()]
    if not known:
        return
    rows = profiles[profiles["feature"] == known[0]].set_index("cluster_id")
    name, unit = rows["label"].iloc[0], rows["unit"].iloc[0]
    layout.heading(_("What is known of value: {feature}", feature=name))
    typical = _("Typical {feature} of all customers", feature=name)
    layout.figures([Figure(typical, figure(rows["population_median"].iloc[0], unit), _(TYPICAL))])
    segments = publication.segments(segmentation)
    segments = segments[segments["cluster_id"].isin(rows.index)]
    values = segments.assign(value=segments["cluster_id"].map(rows["median"])).sort_values("value", ascending=False)
    layout.table(
        Table(
            _("Segments by their typical {feature}, the highest first.", feature=name),
            [_("segment"), _("customers"), header(name, unit)],
            [
                [Cell(row.persona, swatch=row.colour), number(row.customers), figure(row.value)]
                for row in values.itertuples()
            ],
            frozenset({1, 2}),
        )
    )


def _groups(publication, dataset, groups, measure) -> None:
    layout.heading(_("Recency against value"))
    _figure(value_figures.grid(publication, _row(publication, dataset)), f"grid of {dataset}")
    layout.heading(_("What to do with each group"))
    layout.table(groups_table(groups, measure))
    _audience(dataset, groups, measure)


def _audience(dataset, groups, measure) -> None:
    layout.heading(_("The customers of a group"))
    filled = groups[groups["customers"] > 0].sort_values("position").set_index("rfm_group_id")
    names = filled["rfm_group"] + " (" + filled["customers"].map(number) + ")"
    chosen = st.selectbox(
        _("RFM group"),
        list(filled.index),
        format_func=names.__getitem__,
        key=f"group of {dataset}",
        width=320,
    )
    group = filled.loc[chosen]
    worth = value_findings.mean_or_total(group, measure)
    told = (
        _("Together they brought {money}.", money=worth)
        if measure.adds_up
        else _("Mean {feature}: {value}.", feature=measure.label, value=worth)
    )
    layout.text(f"{_(group['description'])}. {_(group['advice'])}. {told}")
    campaign = value_findings.campaign_sentences(group)
    layout.text(campaign or _("No campaign is assigned: add a row to seeds/judgement/rfm_group_campaigns.csv."))
    if reading.rows(KNOWS_REACH).empty:
        layout.note(
            _(
                "An earlier version published this data and did not say who must not be contacted. Run `make build` to "
                "download the customers of a group."
            )
        )
        return
    file = [dataset, chosen, *([group["campaign_id"]] if campaign else [])]
    reach = reading.rows(REACH, [dataset, chosen]).iloc[0]
    layout.download(
        _offered(int(reach["reached"]), group["campaign"] if campaign else ""),
        partial(reading.csv, SCORES, [dataset, chosen]),
        f"{'_'.join(file)}.csv",
        type="primary",
        disabled=not reach["reached"],
    )
    layout.note(left_out(reach["in_control"], reach["barred"]))
    if measure.adds_up:
        layout.note(_("Ids with scores, recency, frequency, money and the campaign; most money first."))
    else:
        layout.note(
            _(
                "Ids with scores, recency, frequency, {feature} and the campaign; highest {feature} first.",
                feature=measure.label,
            )
        )


def _offered(customers: int, campaign: str) -> str:
    if not campaign:
        return ngettext(
            "Download {customers} customer as CSV",
            "Download {customers} customers as CSV",
            customers,
            customers=number(customers),
        )
    return ngettext(
        "Download {customers} customer for {campaign} as CSV",
        "Download {customers} customers for {campaign} as CSV",
        customers,
        customers=number(customers),
        campaign=campaign,
    )


def _segments(publication, segmentation) -> None:
    crossed = groups_of_segments(publication, segmentation)
    if crossed is None:
        layout.note(_("No customer of this segmentation has an RFM group."))
        return
    layout.heading(_("{segmentation} by RFM group", segmentation=label(reading.fit_of(segmentation))))
    layout.table(crossed)
    layout.note(_("Bluer: more of the segment. Empty: no customer."))


def _concentration(publication, dataset) -> None:
    layout.heading(_("Who brings the money"))
    _figure(value_figures.concentration(publication, _row(publication, dataset)), f"concentration of {dataset}")


def _flow(publication, dataset, unit) -> None:
    if not publication.has("purchase_cohorts"):
        layout.text(
            _(
                "An earlier version published this data and did not count purchases by month. Run `make build` to "
                "publish it again."
            )
        )
        return
    cohorts = publication.table("purchase_cohorts", dataset=dataset)
    if cohorts.empty:
        layout.text(
            _(
                "Months cannot be compared: {dataset} has no list of purchases with their dates.",
                dataset=publication.dataset_name(dataset),
            )
        )
        return
    months = value_findings.by_month(cohorts).tail(MOST_MONTHS)
    if months.empty:
        layout.text(_("There is only one completed month, in which every customer is new."))
        return
    layout.text(value_findings.flow_sentence(months, unit), "lead")
    layout.heading(_("Customers by month"))
    caption = _in_months(months)
    alternative = f"{caption} {value_findings.buyers_in_words(months)}"
    layout.chart(charts.buyers(months), caption, alternative, key=f"buyers of {dataset}")
    limits = publication.table("rfm_thresholds", dataset=dataset, measure="recency", score=3)["up_to"]
    layout.note(value_findings.lapse_note(limits.iloc[0] if len(limits) else None))
    layout.heading(_("Money by month"))
    caption = _money_in_months(months, unit)
    alternative = f"{caption} {value_findings.money_in_words(months, unit)}"
    layout.chart(charts.money(months, unit), caption, alternative, key=f"money of {dataset}")
    _cohorts(value_findings.begun(cohorts), dataset)


def _expected(publication, segmentation, dataset) -> None:
    expected = about_lifetime.expected_by_segment(publication, segmentation)
    if expected is None:
        layout.text(
            about_lifetime.why_not(publication, dataset)
            or _(
                "{dataset} has no list of purchases with their dates to expect more of.",
                dataset=publication.dataset_name(dataset),
            )
        )
        return
    layout.heading(_("What each segment is expected to bring in a year"))
    layout.table(expected)
    layout.blocks(about_lifetime.checks(publication, dataset))


def _in_months(months) -> str:
    first = months["month_end"].iloc[0]
    return _(
        "Customers who bought in each month since {month}, new and returning; below zero those who lapsed. The first "
        "month of the data is left out: everybody would be new.",
        month=month_text(first),
    )


def _money_in_months(months, unit) -> str:
    paid = months["new_money"] + months["returning_money"]
    best = months.loc[paid.idxmax()]
    return _(
        "What customers paid in each month, net of returns. The most was {money} in {month}.",
        money=figure(paid.max(), unit),
        month=month_text(best["month_end"]),
    )


def _cohorts(cohorts, dataset) -> None:
    sentence = value_findings.cohorts_sentence(cohorts)
    if not sentence:
        return
    layout.heading(_("Who still buys"))
    layout.text(sentence)
    layout.chart(
        charts.cohorts(cohorts),
        _(
            "Share of the customers who first bought in a month who buy again in each month since, in %. Bluer is "
            "more. Those of the first month of the data are left out: they may have bought before."
        ),
        f"{_('Share of customers who buy again.')} {value_findings.cohorts_in_words(cohorts, charts.MONTHS)}",
        key=f"cohorts of {dataset}",
    )


def _row(publication, dataset) -> dict:
    return publication.table("datasets", dataset=dataset).iloc[0].to_dict()


def _figure(shown, key) -> None:
    if isinstance(shown, NotDrawn):
        layout.text(shown.reason)
        return
    (chart,) = shown.charts()
    layout.chart(chart.figure, chart.caption, chart.alternative, key=key)
