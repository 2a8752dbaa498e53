"""What campaigns have changed: effects with their intervals, who took part, and what to spend next."""

from functools import partial

import layout
import reading
import streamlit as st
import tabs

from customer_segmentation.formatting import title_of
from customer_segmentation.language import _, translatable
from customer_segmentation.report import about_experiments as about

NONE = translatable(
    "No campaign is measured yet. Add a row to seeds/judgement/experiments.csv before a campaign starts: it draws a "
    "control that gets nothing, and this page shows what the campaign has changed. docs/run_a_test.md goes through one "
    "step by step."
)

TREATED = """
    select assigned.experiment, assigned.customer_id, assigned.persona, assigned.campaign_id, assigned.starts_on
    from campaign_assignments as assigned
    left join customer_campaigns as contacts
        on assigned.segmentation = contacts.segmentation and assigned.customer_id = contacts.customer_id
    where assigned.experiment = ? and assigned.arm = 'treated' and contacts.no_contact_because is null
    order by assigned.customer_id
"""


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen.
    """
    publication = reading.publication()
    layout.title(_("Results of campaigns"), segmentation)
    calendar = about.calendar(publication, segmentation)
    if calendar is None:
        layout.text(_(NONE), "lead")
        return
    measured = about.experiments(publication, segmentation)
    tabs.show(
        "results",
        {
            translatable("Effects"): partial(_effects, publication, segmentation, measured),
            translatable("Experiments"): partial(_experiments, publication, segmentation, calendar),
            translatable("Plan"): partial(_plan, publication, segmentation),
        },
    )


def _chosen(experiments, key) -> str:
    if len(experiments) == 1:
        return experiments[0]
    return st.selectbox(_("Experiment"), experiments, format_func=title_of, key=key, width=320)


def _effects(publication, segmentation, measured) -> None:
    if not measured:
        layout.text(_("No experiment has customers yet."), "lead")
        return
    layout.blocks(about.result(publication, segmentation, _chosen(measured, f"results of {segmentation}")))


def _experiments(publication, segmentation, calendar) -> None:
    layout.heading(_("Calendar"))
    layout.table(calendar)
    layout.heading(_("Who took part"))
    steps = publication.table("experiment_audiences", segmentation=segmentation)
    experiment = _chosen(list(steps["experiment"].unique()), f"audience of {segmentation}")
    layout.text(title_of(experiment))
    layout.table(about.audience_table(publication, experiment))
    treated = steps[(steps["experiment"] == experiment) & (steps["step"] == "treated")].iloc[0]
    layout.download(
        _("Download the customers who get {campaign} as CSV", campaign=treated["campaign"]),
        partial(reading.csv, TREATED, [experiment]),
        f"{experiment}_{treated['campaign_id']}.csv",
        type="primary",
        disabled=not treated["customers"],
    )
    layout.note(_("The control is not in the file, nor who must not be contacted."))


def _plan(publication, segmentation) -> None:
    for title, shown, missing in (
        (
            _("What experiments can find"),
            about.plans_table(publication, segmentation),
            _("No experiment has customers yet."),
        ),
        (
            _("The next budget"),
            about.budget_table(publication, segmentation),
            _("Nothing is measured to plan by."),
        ),
    ):
        layout.heading(title)
        if shown is None:
            layout.text(missing)
        else:
            layout.table(shown)
