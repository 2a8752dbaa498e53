"""The evidence for a segmentation: how sure it is, and what else could have been found."""

from functools import partial

import layout
import reading
import streamlit as st
import tabs
from layout import Figure

from customer_segmentation.evidence.published_results import FEATURE_SETS
from customer_segmentation.formatting import capitalised, figure, is_missing, percent, separation
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
HOW_TO_GET = (
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
    layout.title("Evidence", segmentation)
    layout.text(f"{findings.separation_sentence(fit)} {findings.stability_sentence(tables['segments'])}", "lead")
    layout.figures(_headlines(publication, fit, tables["segments"]))
    if all(publication.table(name, segmentation=segmentation).empty for name in COMPUTED):
        st.info(HOW_TO_GET, icon=":material/info:")
    shown = {label: partial(_part, make, publication, fit, tables) for label, make in EVIDENCE.items()}
    shown |= {
        "Rules": partial(_rules, publication, fit),
        "Other segmentations": partial(_crosswalk, publication, fit),
    }
    if not publication.table("published_result_checks", dataset=fit["dataset"]).empty:
        shown["Published results"] = partial(_published_results, publication, fit)
    tabs.show("evidence", shown)


def _headlines(publication, fit, segments) -> list[Figure]:
    is_separated = not is_missing(fit["silhouette"])
    return [
        Figure(Term("Segments", "segment"), f"{fit['k']}", _found_again(segments)),
        Figure(
            Term("Silhouette", "silhouette"),
            figure(fit["silhouette"]),
            f"{separation(fit['silhouette'])} separated; 1 is best" if is_separated else "",
        ),
        Figure(Term("Stability", "bootstrap Jaccard"), *_stability(segments)),
        Figure(Term("Borderline customers", "borderline"), *_borderline(publication, fit)),
    ]


def _found_again(segments) -> str:
    grades = segments["stability_grade"].dropna()
    return f"{int(grades.isin(findings.SURE).sum())} of {len(grades)} come back in new samples" if len(grades) else ""


def _stability(segments) -> tuple[str, str]:
    known = segments.dropna(subset=["bootstrap_jaccard"])
    if known.empty:
        return "not computed", "built with `evidence: none`"
    lowest = known.sort_values("bootstrap_jaccard").iloc[0]
    mean = (known["bootstrap_jaccard"] * known["customers"]).sum() / known["customers"].sum()
    return figure(mean), f"bootstrap Jaccard; lowest {lowest['bootstrap_jaccard']:.2f}, {lowest['persona']}"


def _borderline(publication, fit) -> tuple[str, str]:
    customers = publication.table("segments", segmentation=fit["segmentation"])["borderline_customers"].sum()
    verb = "is" if customers == 1 else "are"
    return percent(customers / fit["customers"]), f"{customers:,} {verb} almost as close to another segment"


def _part(make, publication, fit, tables) -> None:
    layout.blocks(make(publication, fit, tables))


def _rules(publication, fit) -> None:
    rules = publication.ordered("segment_rules", fit["segmentation"])
    layout.heading("Segments as simple rules")
    layout.text(findings.rules_sentence(rules))
    if rules.empty:
        return
    layout.note(
        "Coverage: share of the segment that the rule catches. Purity: share of the customers caught who belong to the "
        f"segment. Fidelity of all rules together: {percent(rules['fidelity'].iloc[0])} of the customers are put "
        "into their own segment."
    )
    for start in range(0, len(rules), 2):
        for column, (_, rule) in zip(st.columns(2), rules.iloc[start : start + 2].iterrows(), strict=False):
            with column:
                _rule(rule, f"{fit['dataset']}_customer_features")


def _rule(rule, features) -> None:
    if is_missing(rule["rule_sql"]):
        layout.cards([Card(rule["persona"], rule["colour"], "", "No short rule describes this segment.", [])])
        return
    purity = "no customer caught" if is_missing(rule["purity"]) else f"purity {percent(rule['purity'])}"
    layout.cards(
        [
            Card(
                rule["persona"],
                rule["colour"],
                f"Coverage {percent(rule['coverage'])}, {purity}: {rule['customers_caught']:,} customers caught, "
                f"{rule['customers']:,} in the segment.",
                f"{capitalised(rule['rule_prose'])}.",
                [],
            )
        ]
    )
    st.code(f"select customer_id\nfrom {features}\nwhere {rule['rule_sql']}", language="sql", wrap_lines=True)


def _crosswalk(publication, fit) -> None:
    name = fit["segmentation"]
    others = list(publication.table("segmentation_fits", dataset=fit["dataset"])["segmentation"])
    others.remove(name)
    layout.heading("The same customers in other segmentations")
    if not others:
        layout.text(f"{fit['segmentation_name']} is the only segmentation of the dataset {fit['dataset_name']}.")
        return
    agreement = publication.table("segmentation_agreement", segmentation=name)
    if agreement.empty:
        layout.text(findings.NOT_COMPUTED)
        return
    layout.items(agreements(publication, agreement))
    for other in others:
        layout.table(crosswalk_table(publication, name, other))


def _published_results(publication, fit) -> None:
    checks = publication.table("published_result_checks", dataset=fit["dataset"])
    layout.heading("Published results recomputed")
    if checks.empty:
        layout.text(findings.NOT_COMPUTED)
        return
    features = [one["feature"] for one in publication.features(fit["segmentation"])]
    alike = [name for name, members in FEATURE_SETS.items() if sorted(members) == sorted(features)]
    own = checks[checks["feature_set"].isin(alike)]
    if own.empty:
        layout.text("No published figure uses the features of this segmentation.")
    else:
        layout.blocks(published_results(own))
    if len(own) < len(checks):
        with st.expander(f"Published results on other features ({len(checks) - len(own)})"):
            layout.blocks(published_results(checks.drop(own.index)))
