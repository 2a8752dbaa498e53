"""The evidence for a segmentation: how sure it is, and what else could have been found."""

from functools import partial

import layout
import reading
import streamlit as st
import tabs
from layout import Figure

from customer_segmentation.evidence.published_results import FEATURE_SETS
from customer_segmentation.formatting import capitalised, figure, in_sentence, is_missing, number, percent, separation
from customer_segmentation.language import _, ngettext, translatable
from customer_segmentation.publication.retelling import rule_retold
from customer_segmentation.report import findings
from customer_segmentation.report.about_segmentations import EVIDENCE, agreements, crosswalk_table, published_results
from customer_segmentation.report.glossary import Term
from customer_segmentation.report.page import Card

# The tables that `evidence: none` leaves empty, all of which the tabs show.
COMPUTED = (
    "k_selection",
    "fit_optima",
    "segment_stability",
    "segment_rules",
    "algorithm_comparison",
)
HOW_TO_GET = translatable(
    "This publication was built without evidence (`evidence: none`). To compute it, set `evidence: full` under `vars` "
    "in dbt_project.yml and run `make build`; this page shows the evidence as soon as it is published."
)


def show(segmentation: str) -> None:
    """Show the evidence for a segmentation.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation.
    """
    publication = reading.publication()
    fit = reading.fit_of(segmentation)
    tables = publication.of(segmentation)
    layout.title(_("Evidence"), segmentation)
    layout.text(f"{findings.separation_sentence(fit)} {findings.stability_sentence(tables['segments'])}", "lead")
    layout.figures(_headlines(publication, fit, tables["segments"]))
    if all(publication.table(name, segmentation=segmentation).empty for name in COMPUTED):
        st.info(_(HOW_TO_GET), icon=":material/info:")
    shown = {label: partial(_part, make, publication, fit, tables) for label, make in EVIDENCE.items()}
    shown |= {
        translatable("Rules"): partial(_rules, publication, fit),
        translatable("Other segmentations"): partial(_crosswalk, publication, fit),
    }
    if not publication.table("published_result_checks", dataset=fit["dataset"]).empty:
        shown[translatable("Published results")] = partial(_published_results, publication, fit)
    tabs.show("evidence", shown)


def _headlines(publication, fit, segments) -> list[Figure]:
    is_separated = not is_missing(fit["silhouette"])
    return [
        Figure(Term(_("Segments"), "segment"), number(fit["filled_segments"]), _found_again(segments)),
        Figure(
            Term(_("Silhouette"), "silhouette"),
            figure(fit["silhouette"]),
            _("{well} separated; 1 is best", well=separation(fit["silhouette"])) if is_separated else "",
        ),
        Figure(Term(_("Stability"), "bootstrap Jaccard"), *_stability(segments)),
        Figure(Term(_("Borderline customers"), "borderline"), *_borderline(publication, fit)),
    ]


def _found_again(segments) -> str:
    grades = segments["stability_grade"].dropna()
    if grades.empty:
        return ""
    found_again = number(int(grades.isin(findings.SURE).sum()))
    return _("{stable} of {segments} come back in new samples", stable=found_again, segments=number(len(grades)))


def _stability(segments) -> tuple[str, str]:
    known = segments.dropna(subset=["bootstrap_jaccard"])
    if known.empty:
        return _("not computed"), _("built with `evidence: none`")
    lowest = known.sort_values("bootstrap_jaccard").iloc[0]
    mean = (known["bootstrap_jaccard"] * known["customers"]).sum() / known["customers"].sum()
    return figure(mean), _(
        "bootstrap Jaccard; lowest {jaccard}, {segment}",
        jaccard=number(lowest["bootstrap_jaccard"], 2),
        segment=in_sentence(lowest["persona"]),
    )


def _borderline(publication, fit) -> tuple[str, str]:
    customers = int(publication.table("segments", segmentation=fit["segmentation"])["borderline_customers"].sum())
    return percent(customers / fit["segmented_customers"]), ngettext(
        "{customers} is almost as close to another segment",
        "{customers} are almost as close to another segment",
        customers,
        customers=number(customers),
    )


def _part(make, publication, fit, tables) -> None:
    layout.blocks(make(publication, fit, tables))


def _rules(publication, fit) -> None:
    rules = publication.ordered("segment_rules", fit["segmentation"])
    layout.heading(_("Segments as simple rules"))
    layout.text(findings.rules_sentence(rules))
    if rules.empty:
        return
    layout.note(
        _(
            "Coverage: share of the segment that the rule catches. Purity: share of the customers caught who belong to "
            "the segment. Fidelity of all rules together: {share} of the customers are put into their own segment.",
            share=percent(rules["fidelity"].iloc[0]),
        )
    )
    for start in range(0, len(rules), 2):
        for column, (_place, rule) in zip(st.columns(2), rules.iloc[start : start + 2].iterrows(), strict=False):
            with column:
                _rule(rule, f"{fit['dataset']}_customer_features")


def _rule(rule, features) -> None:
    if is_missing(rule["rule_sql"]):
        layout.cards([Card(rule["persona"], rule["colour"], "", _("No short rule describes this segment."), [])])
        return
    purity = (
        _("no customer caught") if is_missing(rule["purity"]) else _("purity {share}", share=percent(rule["purity"]))
    )
    layout.cards(
        [
            Card(
                rule["persona"],
                rule["colour"],
                _(
                    "Coverage {share}, {purity}: {caught} customers caught, {customers} in the segment.",
                    share=percent(rule["coverage"]),
                    purity=purity,
                    caught=number(rule["customers_caught"]),
                    customers=number(rule["customers"]),
                ),
                f"{capitalised(rule_retold(rule['rule_prose']))}.",
                [],
            )
        ]
    )
    # in one colour: those of a highlighted language are too pale to be read
    st.code(f"select customer_id\nfrom {features}\nwhere {rule['rule_sql']}", language=None, wrap_lines=True)


def _crosswalk(publication, fit) -> None:
    name = fit["segmentation"]
    others = list(publication.table("segmentation_fits", dataset=fit["dataset"])["segmentation"])
    others.remove(name)
    layout.heading(_("The same customers in other segmentations"))
    if not others:
        layout.text(
            _(
                "{segmentation} is the only segmentation of the dataset {dataset}.",
                segmentation=fit["segmentation_name"],
                dataset=fit["dataset_name"],
            )
        )
        return
    agreement = publication.table("segmentation_agreement", segmentation=name)
    if agreement.empty:
        layout.text(_(findings.NOT_COMPUTED))
        return
    layout.items(agreements(publication, agreement))
    for other in others:
        layout.table(crosswalk_table(publication, name, other))


def _published_results(publication, fit) -> None:
    checks = publication.table("published_result_checks", dataset=fit["dataset"])
    layout.heading(_("Published results recomputed"))
    if checks.empty:
        layout.text(_(findings.NOT_COMPUTED))
        return
    features = [one["feature"] for one in publication.features(fit["segmentation"])]
    alike = [name for name, members in FEATURE_SETS.items() if sorted(members) == sorted(features)]
    own = checks[checks["feature_set"].isin(alike)]
    if own.empty:
        layout.text(_("No published figure uses the features of this segmentation."))
    else:
        layout.blocks(published_results(own))
    if len(own) < len(checks):
        with st.expander(_("Published results on other features ({count})", count=number(len(checks) - len(own)))):
            layout.blocks(published_results(checks.drop(own.index)))
