"""What to offer and why, and the list of customers to export."""

from functools import partial

import layout
import reading
import streamlit as st
import tabs
from audience import COLUMNS, Audience, left_out

from customer_segmentation.formatting import TYPICAL, is_missing, percent
from customer_segmentation.report import findings
from customer_segmentation.report.about_experiments import experiments
from customer_segmentation.report.glossary import GLOSSARY
from customer_segmentation.report.page import Card

PREVIEWED = 50
BORDERLINE = {"Everyone": None, "Clear": False, "Borderline": True}


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen.
    """
    publication = reading.publication()
    fit = reading.fit_of(segmentation)
    segments = publication.segments(segmentation)
    campaigns = publication.table("campaign_recommendations", segmentation=segmentation)

    layout.title("Campaigns and audiences", segmentation)
    layout.text(f"{findings.campaigns_title(campaigns, segments)}.", "lead")
    is_measured = bool(experiments(publication, segmentation))
    layout.items(_caveats(fit, is_measured), "warnings")
    if is_measured:
        layout.link("results", "What campaigns have changed", "experiment", segmentation)
    tabs.show(
        "campaigns",
        {
            "What to offer": partial(_offers, segments, campaigns),
            "Audience": partial(_audience, segmentation, fit),
        },
    )


def _caveats(fit, is_measured) -> list[str]:
    unmeasured = "" if is_measured else " The effect of the campaigns is not measured."
    found = [f"Costs are assumptions; replace them with yours.{unmeasured}"]
    if fit["is_synthetic"]:
        found.insert(0, "The customers are synthetic: these lists show how it works and reach no real people.")
    return found


def _offers(segments, campaigns) -> None:
    layout.heading("What to offer")
    layout.note(TYPICAL)
    layout.cards([_card(segment, campaigns) for segment in segments.itertuples()])


def _card(segment, campaigns) -> Card:
    planned = campaigns[campaigns["persona"] == segment.persona].sort_values(["priority", "campaign_id"])
    facts = []
    for one in planned.itertuples():
        facts.append((f"{one.campaign} ({one.channel.replace('_', ' ')})", f"{one.offer}. {one.rationale}."))
        facts.append(("", f"“{one.message}”"))
        facts.append(("", _cost(one)))
    return Card(
        segment.persona,
        segment.colour,
        f"{segment.customers:,} customers, {segment.share}. {segment.headline}.",
        "",
        facts or [("No campaign", "None has been assigned.")],
    )


def _cost(campaign) -> str:
    basis = "" if is_missing(campaign.cost_assumption) else f" {campaign.cost_assumption}."
    return f"{findings.cost(campaign)}{basis}"


def _filters(segmentation) -> Audience:
    """Ask for the filters; the choices are the names in the list, so each filter alone finds customers."""
    names = reading.rows(
        """
        select distinct segments.persona, planned.campaign, planned.channel
        from segments
        left join campaign_recommendations as planned
            on segments.segmentation = planned.segmentation and segments.persona = planned.persona
        where segments.segmentation = ?
        order by all
        """,
        [segmentation],
    )

    def several(label, column, shown=str):
        known = sorted(names[column].dropna().unique())
        return tuple(
            st.multiselect(
                label, known, format_func=shown, key=f"{column} {segmentation}", placeholder="all", default=None
            )
        )

    first, second, third = st.columns(3)
    with first:
        personas = several("Personas", "persona")
    with second:
        campaigns = several("Campaigns", "campaign")
    with third:
        channels = several("Channels", "channel", lambda name: name.replace("_", " "))
    left, right = st.columns([2, 1])
    with left:
        kind = st.segmented_control(
            "Certainty of the segment",
            list(BORDERLINE),
            default="Everyone",
            required=True,
            key=f"borderline {segmentation}",
            help="Borderline customers are almost as close to another segment.",
        )
    with right:
        margin = st.slider(
            "Margin at least",
            0.0,
            1.0,
            0.0,
            0.05,
            key=f"margin {segmentation}",
            help="1 is at the center of the segment, 0 is halfway between two segments.",
        )
    return Audience(segmentation, personas, campaigns, channels, BORDERLINE[kind], margin or None)


def _audience(segmentation, fit) -> None:
    layout.heading("The audience of a campaign")
    layout.note(
        "Each customer appears once, with the first campaign of the persona, or the first of those that are chosen. "
        "Empty filters include everyone."
    )
    audience = _filters(segmentation)
    number = audience.count()
    share = percent(number / fit["customers"]) if fit["customers"] else percent(0)
    layout.text(f"{number:,} customers, {share} of all segmented customers.", "lead")
    layout.note(left_out(*audience.left_out()))
    if number == 0:
        layout.note("No customer matches all filters. Remove one.")
        return
    columns = st.pills(
        "Columns of the file",
        list(COLUMNS),
        selection_mode="multi",
        default=list(COLUMNS),
        format_func=lambda name: name.replace("_", " "),
        key=f"columns {segmentation}",
    )
    layout.download(
        f"Download {number:,} customers as CSV",
        partial(audience.csv, tuple(columns)),
        audience.file_name,
        type="primary",
        disabled=not columns,
    )
    shown = audience.preview(PREVIEWED)
    shown["channel"] = shown["channel"].str.replace("_", " ")
    st.dataframe(
        shown,
        hide_index=True,
        height=420,
        column_order=[
            "customer_id",
            "persona",
            "campaign",
            "channel",
            "offer",
            "margin",
            "is_borderline",
            "runner_up_persona",
        ],
        column_config={
            "customer_id": "Customer",
            "persona": "Persona",
            "campaign": "Campaign",
            "channel": "Channel",
            "offer": st.column_config.TextColumn("Offer", width="medium"),
            "margin": st.column_config.NumberColumn("Margin", format="%.2f", help=GLOSSARY["margin"]),
            "is_borderline": st.column_config.CheckboxColumn("Borderline", help=GLOSSARY["borderline"]),
            "runner_up_persona": "Second nearest persona",
        },
    )
    if number > len(shown):
        layout.note(f"The first {len(shown)} by id; the download has all of them.")
