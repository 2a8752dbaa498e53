"""What report, slides and dashboard say about the value of customers, in plain sentences.

Every function is pure, as those of `findings`.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from customer_segmentation.formatting import (
    capitalised,
    counted,
    figure,
    in_words,
    is_missing,
    number,
    percent,
    shares,
)
from customer_segmentation.language import _, isolated, month_text

TOP = 0.1  # of the customers: the tenth that people ask about
HALF = 0.5  # of the money
ABBREVIATIONS = {"sms"}  # among the names of channels
LATER = (1, 12)  # months after the first purchase that a sentence names


class Measure(NamedTuple):
    """What the monetary score measures: its label and unit, and whether the values of customers add up to money."""

    label: str
    unit: str | None
    adds_up: bool


def adds_up(groups: pd.DataFrame) -> bool:
    """Say whether the values of customers are amounts; a score such as that of a survey has no sum.

    Parameters
    ----------
    groups : DataFrame
        Rows of `rfm_groups` of one dataset: `customers`, `mean_monetary`, `share_of_monetary`.

    Returns
    -------
    bool
        A dataset whose values are all 0 may have amounts: nothing speaks against it.
    """
    return bool(groups["share_of_monetary"].notna().any()) or not groups["mean_monetary"].fillna(0).any()


def curve(points: pd.DataFrame) -> pd.DataFrame:
    """Turn sums into shares of the whole, from the most valuable customer on.

    Parameters
    ----------
    points : DataFrame
        `customers` and `money` up to each point, as `Publication.concentration` returns them.

    Returns
    -------
    DataFrame
        `share_of_customers` and `share_of_money`, from 0 to 1; without rows if there is no money to share out.
        Customers whose returns exceed their purchases let the curve rise above 1 before it ends there.

    Examples
    --------
    >>> curve(pd.DataFrame({"customers": [1, 2], "money": [30.0, 40.0]})).to_dict("list")
    {'share_of_customers': [0.0, 0.5, 1.0], 'share_of_money': [0.0, 0.75, 1.0]}
    """
    if points.empty or not points["money"].iloc[-1] > 0:
        return pd.DataFrame({"share_of_customers": [], "share_of_money": []})
    return pd.DataFrame(
        {
            "share_of_customers": [0.0, *(points["customers"] / points["customers"].iloc[-1])],
            "share_of_money": [0.0, *(points["money"] / points["money"].iloc[-1])],
        }
    )


def money_of_top(shown: pd.DataFrame, share: float = TOP) -> float:
    """Return which share of the money the most valuable customers bring.

    Examples
    --------
    >>> money_of_top(curve(pd.DataFrame({"customers": [1, 2], "money": [30.0, 40.0]})), 0.25)
    0.375
    """
    return float(np.interp(share, shown["share_of_customers"], shown["share_of_money"]))


def customers_for(shown: pd.DataFrame, share: float = HALF) -> float:
    """Return which share of the customers, the most valuable first, brings a share of the money.

    Examples
    --------
    >>> customers_for(curve(pd.DataFrame({"customers": [1, 2], "money": [30.0, 40.0]})), 0.375)
    0.25
    """
    # beyond its top the curve falls, where customers cost more than they bring
    rising = shown.iloc[: int(shown["share_of_money"].to_numpy().argmax()) + 1]
    return float(np.interp(share, rising["share_of_money"], rising["share_of_customers"]))


def concentration_sentence(points: pd.DataFrame) -> str:
    """Say how unevenly the money comes in.

    Parameters
    ----------
    points : DataFrame
        `customers` and `money` up to each point, as `Publication.concentration` returns them.

    Returns
    -------
    str
    """
    if points.empty:
        return _("There are too few customers to say who brings the money.")
    if points["customers"].iloc[-1] == 1:
        return _("There is only one customer, so nothing can be said about who brings the money.")
    shown = curve(points)
    if shown.empty:
        return _("These customers have brought no money on balance, so there is none to share out.")
    return _(
        "{customers} of the customers bring {half} of the money; the top {top} bring {money}.",
        customers=capitalised(percent(customers_for(shown))), half=percent(HALF), top=percent(TOP),
        money=percent(money_of_top(shown)),
    )  # fmt: skip


def groups_title(groups: pd.DataFrame, measure: Measure) -> str:
    """Say in a headline which RFM group is worth most.

    Parameters
    ----------
    groups : DataFrame
        Rows of `rfm_groups` of one dataset.
    measure : Measure
        What they are worth.

    Returns
    -------
    str
    """
    known = groups.assign(share=shares(groups["customers"]), money=shares(groups["share_of_monetary"]))
    if measure.adds_up and known["share_of_monetary"].notna().any():
        top = known.loc[known["share_of_monetary"].idxmax()]
        return _(
            "{group} are {share} of the customers and bring {money} of the money",
            group=top["rfm_group"], share=top["share"], money=top["money"],
        )  # fmt: skip
    known = known[known["mean_monetary"].notna()]
    if measure.adds_up or known.empty:
        return _(
            "{groups} with customers",
            groups=capitalised(counted(int((groups["customers"] > 0).sum()), "RFM group")),
        )
    top = known.loc[known["mean_monetary"].idxmax()]
    return _(
        "{group} are {share} of the customers, with the highest mean {measure}: {value}",
        group=top["rfm_group"], share=top["share"], measure=measure.label,
        value=figure(top["mean_monetary"], measure.unit),
    )  # fmt: skip


def channel_name(channel: str) -> str:
    """Write the name of a channel in words.

    Examples
    --------
    >>> channel_name("sms")
    'SMS'
    >>> channel_name("app_push")
    'app push'
    """
    words = in_words(channel)
    return words.upper() if words in ABBREVIATIONS else _(words)


def campaign_title(group: Mapping) -> str:
    """Name the campaign of an RFM group with its channel; empty without one.

    Parameters
    ----------
    group : mapping
        A row of `rfm_groups`. One that an earlier version published has no campaign.

    Returns
    -------
    str

    Examples
    --------
    >>> campaign_title({"campaign": "Early Access", "channel": "app_push"})
    'Early Access (app push)'
    """
    if is_missing(group.get("campaign")):
        return ""
    return f"{isolated(group['campaign'])} ({channel_name(group['channel'])})"


def campaign_sentences(group: Mapping) -> str:
    """Say which campaign an RFM group gets, what it offers and why, and which others suit it.

    Parameters
    ----------
    group : mapping
        A row of `rfm_groups`.

    Returns
    -------
    str
        Empty without a campaign.

    Examples
    --------
    >>> group = {"campaign": "Early Access", "channel": "app_push", "offer": "New things first", "rationale": "Free"}
    >>> campaign_sentences(group | {"other_campaigns": "Premium Loyalty"})
    'Campaign: Early Access (app push). New things first. Free. Also suitable: Premium Loyalty.'
    """
    title = campaign_title(group)
    if not title:
        return ""
    told = [_("Campaign: {campaign}.", campaign=title), f"{group['offer']}.", f"{group['rationale']}."]
    if not is_missing(group["other_campaigns"]):
        told.append(_("Also suitable: {campaigns}.", campaigns=group["other_campaigns"]))
    return " ".join(told)


def by_month(cohorts: pd.DataFrame) -> pd.DataFrame:
    """Add up cohorts to months, without the first one of the data: everybody would be new in it.

    Parameters
    ----------
    cohorts : DataFrame
        Rows of `purchase_cohorts` of one dataset.

    Returns
    -------
    DataFrame
        One row per month: `month_end`, `new`, `returning`, `lapsed` (customers), `new_money`, `returning_money`.
    """
    is_new = cohorts["months_since"] == 0
    split = cohorts.assign(
        new=cohorts["buyers"].where(is_new, 0),
        returning=cohorts["buyers"].where(~is_new, 0),
        new_money=cohorts["money"].where(is_new, 0.0),
        returning_money=cohorts["money"].where(~is_new, 0.0),
    )
    columns = ["new", "returning", "lapsed", "new_money", "returning_money"]
    months = split.groupby("month_end", sort=True)[columns].sum().reset_index()
    return months.iloc[1:].reset_index(drop=True)


def begun(cohorts: pd.DataFrame) -> pd.DataFrame:
    """Leave out the cohort of the first month of the data: its customers may have bought before.

    Examples
    --------
    >>> months = pd.to_datetime(["2024-01-31", "2024-01-31", "2024-02-29"])
    >>> len(begun(pd.DataFrame({"first_month_end": months})))
    1
    """
    return cohorts[cohorts["first_month_end"] > cohorts["first_month_end"].min()].reset_index(drop=True)


def flow_sentence(months: pd.DataFrame, unit: str | None) -> str:
    """Say who bought in the last month, and who lapsed.

    Parameters
    ----------
    months : DataFrame
        As `by_month` returns them.
    unit : str or None
        Unit of the money.

    Returns
    -------
    str
        Empty without a month.
    """
    if months.empty:
        return ""
    last = months.iloc[-1]
    buyers, money = int(last["new"] + last["returning"]), last["new_money"] + last["returning_money"]
    return _(
        "In {month}, {customers} bought: {new} new and {returning} returning. They paid {money} net of returns, and "
        "{lapsed} lapsed.",
        month=month_text(last["month_end"]), customers=counted(buyers, "customer"), new=number(int(last["new"])),
        returning=number(int(last["returning"])), money=figure(money, unit),
        lapsed=counted(int(last["lapsed"]), "customer"),
    )  # fmt: skip


def buyers_in_words(months: pd.DataFrame) -> str:
    """List who bought and who lapsed in each month, for readers who cannot see the bars."""
    told = [
        _(
            "{month} {new} new, {returning} returning, {lapsed} lapsed",
            month=month_text(row.month_end),
            **{name: number(int(getattr(row, name))) for name in ("new", "returning", "lapsed")},
        )
        for row in months.itertuples()
    ]
    return _("By month: {months}.", months="; ".join(told))


def money_in_words(months: pd.DataFrame, unit: str | None) -> str:
    """List what new and returning customers paid in each month, for readers who cannot see the bars."""
    told = [
        _(
            "{month} new {new}, returning {returning}",
            month=month_text(row.month_end),
            new=figure(row.new_money, unit),
            returning=figure(row.returning_money, unit),
        )
        for row in months.itertuples()
    ]
    return _("By month: {months}.", months="; ".join(told))


def cohorts_in_words(cohorts: pd.DataFrame, most: int) -> str:
    """List which share of each cohort bought in the months that a chart shows, for readers who cannot see it.

    Parameters
    ----------
    cohorts : DataFrame
        Rows of `purchase_cohorts` of one dataset.
    most : int
        Months since the first purchase.

    Returns
    -------
    str
    """
    later = cohorts[cohorts["months_since"].between(1, most)].sort_values(["first_month_end", "months_since"])
    told = [
        f"{month_text(first)} {', '.join(percent(row.buyers / row.customers, 0) for row in rows.itertuples())}"
        for first, rows in later.groupby("first_month_end", sort=True)
    ]
    return _("By month of the first purchase, one month later and so on: {months}.", months="; ".join(told))


def lapse_note(days: float | None) -> str:
    """Say when a customer counts as lapsed.

    Examples
    --------
    >>> lapse_note(45.0)
    'Lapsed: no purchase for more than 45 days, from where the RFM groups count customers as at risk or lost.'
    """
    if is_missing(days):
        return ""
    return _(
        "Lapsed: no purchase for more than {days}, from where the RFM groups count customers as at risk or lost.",
        days=counted(round(days), "day"),
    )


def cohorts_sentence(cohorts: pd.DataFrame) -> str:
    """Say how many customers still buy some time after their first purchase.

    Parameters
    ----------
    cohorts : DataFrame
        Rows of `purchase_cohorts` of one dataset.

    Returns
    -------
    str
        Empty where no cohort is old enough.
    """
    told = {}
    for months in LATER:
        rows = cohorts[cohorts["months_since"] == months]
        if len(rows) and rows["customers"].sum():
            told[months] = percent(rows["buyers"].sum() / rows["customers"].sum())
    soon, late = LATER
    words = counted(late, "month")
    if soon in told and late in told:
        return _(
            "{share} of the customers buy in the month after their first purchase; {later} {months} after it.",
            share=told[soon], later=told[late], months=words,
        )  # fmt: skip
    if soon in told:
        return _("{share} of the customers buy in the month after their first purchase.", share=told[soon])
    if late in told:
        return _("{share} of the customers buy {months} after it.", share=told[late], months=words)
    return ""


def mean_or_total(row: Mapping, measure: Measure) -> str:
    """Write what a group or a cell is worth: its money, or the mean where values have no sum.

    Examples
    --------
    >>> group = {"customers": 3, "mean_monetary": 20.0}
    >>> mean_or_total(group, Measure("money", "$", True)), mean_or_total(group, Measure("score", "points", False))
    ('$60', '20 points')
    """
    if is_missing(row["mean_monetary"]):
        return ""
    return figure(row["mean_monetary"] * (row["customers"] if measure.adds_up else 1), measure.unit)
