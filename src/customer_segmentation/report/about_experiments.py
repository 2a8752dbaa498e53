"""What report and dashboard tell about measured campaigns: the effect of each persona, and how sure it is."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from customer_segmentation.experiments.sentences import published_sentence
from customer_segmentation.formatting import capitalised, in_words, is_missing, number, p_value, percent, title_of
from customer_segmentation.language import _, day_text, isolated, localized, ngettext, pgettext, translatable
from customer_segmentation.publication.retelling import retold
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import theme
from customer_segmentation.report.charts.intervals import intervals
from customer_segmentation.report.page import Chart, Folded, Heading, Table, Text, anchor
from customer_segmentation.units import with_unit

# how a metric is named, and what it is counted in; None: the currency
MEASURES: dict[str, tuple[str, str | None]] = {
    "bought": (translatable("share of customers who bought"), translatable("percentage points")),
    "purchases": (translatable("purchases per customer"), ""),
    "money": (translatable("money per customer"), None),
    "money_per_purchase": (translatable("money per purchase"), None),
}
COLOURS = {"gain proven": theme.ACCENT, "loss proven": theme.CONTRAST}  # all others are grey
ADJUSTED = translatable(
    "The effect allows for what the arms bought before, so it is not exactly the difference of the means."
)
LEFT_OUT = (translatable("{suppressed} suppressed, {without_consent} without consent"),)  # why some cannot be contacted
FOUND = frozenset({"gain proven", "loss proven", "not proven", "not the outcome"})  # verdicts with figures


def experiments(publication: Publication, segmentation: str) -> list[str]:
    """Return the experiments with a segmentation, those with results first.

    Parameters
    ----------
    publication : Publication
        The published tables.
    segmentation : str
        Name of the segmentation.

    Returns
    -------
    list of str
    """
    effects = publication.table("campaign_effects", segmentation=segmentation)
    if effects.empty:
        return []
    last = effects.groupby("experiment")["results_until"].max()
    return list(last.sort_index().sort_values(ascending=False, na_position="last", kind="stable").index)


def results(publication: Publication, segmentation: str) -> list[Any]:
    """Tell what the campaigns of a segmentation have changed.

    Parameters
    ----------
    publication : Publication
        The published tables.
    segmentation : str
        Name of the segmentation.

    Returns
    -------
    list
        Parts of a page; none without experiments.
    """
    return [
        part
        for experiment in experiments(publication, segmentation)
        for part in result(publication, segmentation, experiment)
    ]


def result(publication: Publication, segmentation: str, experiment: str) -> list[Any]:
    """Tell what one experiment has shown: a sentence, the effect of each persona, and the other metrics.

    Parameters
    ----------
    publication : Publication
        The published tables.
    segmentation, experiment : str
        Their names.

    Returns
    -------
    list
        Parts of a page.
    """
    effects = publication.table("campaign_effects", segmentation=segmentation, experiment=experiment)
    currency = publication.currency()
    outcome = effects[effects["is_outcome"]].sort_values(["is_total", "persona"], ascending=[False, True])
    total = outcome[outcome["is_total"]].iloc[0]
    name = title_of(experiment)
    known = outcome[outcome["verdict"].isin(FOUND)]
    parts: list[Any] = [
        Heading(
            f"{isolated(name)}: {campaign_name(publication, total['campaign_id'])}",
            anchor(segmentation, experiment),
            name,
        ),
        Text(" ".join(sentences(outcome, currency)), "lead"),
        Text(state(total), "note"),
    ]
    if len(known):
        parts.append(_chart(known, segmentation, experiment, currency))
    parts.append(effects_table(outcome, currency))
    others = effects[~effects["is_outcome"] & effects["is_total"]]
    if len(others):
        parts.append(Folded(_("Other measures of the same experiment"), [_others_table(others, currency)]))
    return parts


def campaign_name(publication: Publication, campaign_id: str) -> str:
    """Return the display name of a campaign; its id where no experiment tries it."""
    found = publication.table("experiment_audiences", campaign_id=campaign_id)
    return found["campaign"].iloc[0] if len(found) else title_of(campaign_id)


def sentences(outcome: pd.DataFrame, currency: str | None) -> list[str]:
    """Say what is proven, of all personas together first; where nothing is, say so of each.

    Parameters
    ----------
    outcome : DataFrame
        Rows of `campaign_effects` of one experiment and its outcome.
    currency : str or None
        Unit of money.

    Returns
    -------
    list of str
    """
    if outcome["verdict"].eq("no comparison").all() and outcome["reason"].nunique() == 1:
        outcome = outcome[outcome["is_total"]]
    proven = outcome[~outcome["is_total"] & outcome["is_proven"]]
    others = outcome[~outcome["is_total"] & ~outcome["is_proven"]]
    rows = [row for part in (outcome[outcome["is_total"]], proven, others) for row in part.to_dict("records")]
    return [published_sentence(row, currency) for row in rows]


def state(total: pd.Series) -> str:
    """Say until when the results are known, how many customers were compared, and whether the comparison is sound."""
    if is_missing(total["results_until"]):
        until = _("There are no results yet.")
    else:
        day = day_text(pd.Timestamp(total["results_until"]))
        until = (
            _("The window is over; results are known until {day}.", day=day)
            if total["is_complete"]
            else _("The window is not over yet; results are known until {day}.", day=day)
        )
    arms = {"treated": number(total["treated"]), "control": number(total["control"])}
    if is_missing(total["results_until"]):
        told = ngettext(
            "{treated} customer is to get the campaign, {control} in the control get nothing.",
            "{treated} customers are to get the campaign, {control} in the control get nothing.",
            total["treated"], **arms,
        )  # fmt: skip
    else:
        told = ngettext(
            "{treated} customer got the campaign, {control} in the control got nothing.",
            "{treated} customers got the campaign, {control} in the control got nothing.",
            total["treated"], **arms,
        )  # fmt: skip
    if total["is_valid"]:
        return f"{until} {told}"
    return f"{until} {told} {_('The sizes of the arms are not those that were drawn, so nothing follows.')}"


def effects_table(outcome: pd.DataFrame, currency: str | None) -> Table:
    """List the effect of an experiment, of all personas together and of each.

    Parameters
    ----------
    outcome : DataFrame
        Rows of `campaign_effects` of one experiment and its outcome.
    currency : str or None
        Unit of money.

    Returns
    -------
    Table
    """
    rows = [
        [
            persona_name(row),
            number(row["treated"]),
            number(row["control"]),
            amount(row["treated_mean"], row["metric"], currency),
            amount(row["control_mean"], row["metric"], currency),
            difference(row["effect"], row["metric"], currency),
            between(row, currency),
            p_value(row["adjusted_p_value"]),
            capitalised(_(row["verdict"])),
        ]
        for row in outcome.to_dict("records")
    ]
    caption = _(
        "Effect on {measure}, with the interval that holds the truth in 95 of 100 such experiments. The p-value allows "
        "for looking at several personas.",
        measure=measure(outcome["metric"].iloc[0])[0],
    )
    return Table(
        f"{caption} {_(ADJUSTED)}" if (outcome["method"] == "CUPED").any() else caption,
        [
            _("persona"),
            _("treated"),
            _("control"),
            _("treated mean"),
            _("control mean"),
            pgettext("of a campaign", "effect"),
            _("interval"),
            _("p-value"),
            _("verdict"),
        ],
        rows,
        frozenset(range(1, 8)),
    )


def persona_name(row: Mapping[str, Any]) -> str:
    """Return the persona of a row of `campaign_effects` or `experiment_plans`; that of all together is no name."""
    return _(row["persona"]) if row["is_total"] else row["persona"]


def _others_table(others: pd.DataFrame, currency: str | None) -> Table:
    rows = [
        [
            measure(row["metric"])[0],
            amount(row["treated_mean"], row["metric"], currency),
            amount(row["control_mean"], row["metric"], currency),
            difference(row["effect"], row["metric"], currency),
            between(row, currency),
        ]
        for row in others.to_dict("records")
    ]
    return Table(
        _("All personas together. The experiment was not set up to prove these, so none counts as proven."),
        [_("measure"), _("treated mean"), _("control mean"), pgettext("of a campaign", "effect"), _("interval")],
        rows,
        frozenset(range(1, 5)),
    )


def calendar(publication: Publication, segmentation: str) -> Table | None:
    """List the experiments with a segmentation by their start, with what has become of them.

    Parameters
    ----------
    publication : Publication
        The published tables.
    segmentation : str
        Name of the segmentation.

    Returns
    -------
    Table or None
        None without experiments.
    """
    steps = publication.table("experiment_audiences", segmentation=segmentation)
    if steps.empty:
        return None
    effects = publication.table("campaign_effects", segmentation=segmentation, is_total=True, is_outcome=True)
    results = {} if effects.empty else effects.set_index("experiment").to_dict("index")
    left = steps.pivot(index="experiment", columns="step", values="customers")
    once = steps.drop_duplicates("experiment").sort_values(["starts_on", "experiment"])
    return Table(
        _(
            "Experiments by their start. One that is called not assigned began before a build had drawn its control, "
            "so it cannot be measured."
        ),
        [
            _("experiment"),
            _("campaign"),
            _("first day"),
            _("last day"),
            _("treated"),
            _("control"),
            _("state"),
        ],
        [
            [
                title_of(row["experiment"]),
                campaign_name(publication, row["campaign_id"]),
                *(day_text(pd.Timestamp(row[day]), is_short=True) for day in ("starts_on", "ends_on")),
                *(number(left.loc[row["experiment"], arm]) for arm in ("treated", "control")),
                _state(row, results),
            ]
            for row in once.to_dict("records")
        ],
        frozenset({4, 5}),
    )


def _state(row, results) -> str:
    """Say how far an experiment is; results may reach further than the customers that the build describes."""
    known = results.get(row["experiment"], {})
    if is_missing(known.get("results_until")):
        return capitalised(_(row["status"]))
    return capitalised(_("finished") if known["is_complete"] else _("running"))


def audience_table(publication: Publication, experiment: str) -> Table:
    """Tell how the customers of the personas of an experiment become its two arms.

    Parameters
    ----------
    publication : Publication
        The published tables.
    experiment : str
        Its name.

    Returns
    -------
    Table
    """
    steps = publication.table("experiment_audiences", experiment=experiment).sort_values("position")
    return Table(
        _("From the customers of the personas to the arms, with those who were left out on the way."),
        [_("step"), _("customers"), _("left out"), _("because")],
        [
            [
                capitalised(_(row["step"])),
                number(row["customers"]),
                "" if row["step"] in ("treated", "control") else number(row["left_out"]),
                "" if is_missing(row["left_out_because"]) else _reason(row["left_out_because"]),
            ]
            for row in steps.to_dict("records")
        ],
        frozenset({1, 2}),
    )


def _reason(left_out_because) -> str:
    """Say why customers were left out: to be treated is also what one arm is called."""
    if left_out_because == "treated":
        return pgettext("reason to be left out", "treated")
    return retold(left_out_because, LEFT_OUT)


def measure(metric: str) -> tuple[str, str | None]:
    """Return how a metric is named, and what it is counted in, None for the currency.

    Examples
    --------
    >>> measure("purchases"), measure("store_visits")
    (('purchases per customer', ''), ('store visits per customer', ''))
    """
    if metric not in MEASURES:
        return _("{metric} per customer", metric=in_words(metric)), ""
    label, unit = MEASURES[metric]
    return _(label), _(unit) if unit else unit


def amount(value: float, metric: str, currency: str | None) -> str:
    """Write the mean of an arm; nothing where it is not known.

    Examples
    --------
    >>> amount(0.405, "bought", "$"), amount(12.5, "money", "$"), amount(1.256, "purchases", "$")
    ('40.5 %', '$12.50', '1.26')
    """
    if is_missing(value):
        return ""
    if metric == "bought":
        return percent(value)
    return with_unit(number(value, 2), currency if measure(metric)[1] is None else None)


def difference(value: float, metric: str, currency: str | None) -> str:
    """Write an effect; nothing where it is not known.

    Examples
    --------
    >>> difference(-0.0125, "bought", "$"), difference(-0.4, "money", "$")
    ('−1.2 points', '−$0.40')
    """
    if is_missing(value):
        return ""
    if metric == "bought":
        return _("{number} points", number=localized(f"{100 * value:.1f}"))
    return amount(value, metric, currency)


def between(row: dict, currency: str | None) -> str:
    """Write the interval of an effect; nothing where there is none."""
    ends = [difference(row[name], row["metric"], currency) for name in ("effect_low", "effect_high")]
    return _("{low} to {high}", low=ends[0], high=ends[1]) if all(ends) else ""


def _chart(known, segmentation, experiment, currency) -> Chart:
    metric = known["metric"].iloc[0]
    label, unit = measure(metric)
    factor = 100 if metric == "bought" else 1
    shown = pd.DataFrame(
        {
            "name": [persona_name(row) for row in known.to_dict("records")],
            "value": factor * known["effect"],
            "low": factor * known["effect_low"],
            "high": factor * known["effect_high"],
            "colour": [COLOURS.get(verdict, theme.MUTED) for verdict in known["verdict"]],
            "note": [_(verdict) for verdict in known["verdict"]],
        }
    )
    unit = currency if unit is None else unit
    title = ", ".join(filter(None, [_("effect on {measure}", measure=label), unit]))
    told = "; ".join(
        f"{isolated(persona_name(row))} {difference(row['effect'], metric, currency)}, {between(row, currency)}"
        for row in known.to_dict("records")
    )
    return Chart(
        intervals(shown, title, unit or None, 0),
        _(
            "Effect per persona with its interval. Grey: not proven; blue: a proven gain; orange: a proven loss. An "
            "interval that reaches across the dashed line may be no effect at all."
        ),
        _("Effect on {measure}: {effects}.", measure=label, effects=told),
        anchor(segmentation, experiment, "effects"),
    )


def plans_table(publication: Publication, segmentation: str) -> Table | None:
    """List what the experiments with a segmentation can find.

    Parameters
    ----------
    publication : Publication
        The published tables.
    segmentation : str
        Name of the segmentation.

    Returns
    -------
    Table or None
        None without plans.
    """
    plans = publication.table("experiment_plans", segmentation=segmentation)
    if plans.empty:
        return None
    currency = publication.currency()
    plans = plans.sort_values(["experiment", "is_total", "persona"], ascending=[True, False, True])
    return Table(
        _(
            "The smallest effect per customer that an experiment finds in four of five cases, and the control that it "
            "would take to find a gain of a fifth."
        ),
        [
            _("experiment"),
            _("persona"),
            _("control"),
            _("usual"),
            _("smallest effect"),
            _("of the usual"),
            _("control needed"),
            _("verdict"),
        ],
        [
            [
                title_of(row["experiment"]),
                persona_name(row),
                number(row["control"]),
                amount(row["usual_mean"], row["metric"], currency),
                difference(row["smallest_effect"], row["metric"], currency),
                "" if is_missing(row["smallest_effect_share"]) else percent(row["smallest_effect_share"]),
                "" if is_missing(row["control_needed"]) else number(row["control_needed"]),
                capitalised(_(row["verdict"])),
            ]
            for row in plans.to_dict("records")
        ],
        frozenset(range(2, 7)),
    )


def budget_table(publication: Publication, segmentation: str) -> Table | None:
    """List for whom the next budget should be spent.

    Parameters
    ----------
    publication : Publication
        The published tables.
    segmentation : str
        Name of the segmentation.

    Returns
    -------
    Table or None
        None without a plan.
    """
    plan = publication.table("budget_plan", segmentation=segmentation)
    if plan.empty:
        return None
    currency = publication.currency()

    def money(value) -> str:
        return "" if is_missing(value) else with_unit(number(value, 2), currency)

    return Table(
        _(
            "The next budget, by what each contact has earned: the effect, pulled towards that of all, times the "
            "assumed margin, less the assumed cost. Where no effect is proven, a small part goes to measuring again."
        ),
        [
            _("persona"),
            _("campaign"),
            _("measured effect"),
            _("expected profit"),
            _("budget"),
            _("to measure again"),
            _("because"),
        ],
        [
            [
                row["persona"],
                campaign_name(publication, row["campaign_id"]),
                money(row["measured_effect"]),
                money(row["expected_profit"]),
                money(row["linear_budget"]),
                money(row["trial_budget"]),
                "" if is_missing(row["reason"]) else capitalised(_(row["reason"])),
            ]
            for row in plan.sort_values("linear_budget", ascending=False).to_dict("records")
        ],
        frozenset(range(2, 6)),
    )
