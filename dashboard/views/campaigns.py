"""What to offer and why, and the list of customers to export."""

from functools import partial

import layout
import reading
import streamlit as st
import tabs
from audience import COLUMNS, Audience, left_out

from customer_segmentation.formatting import TYPICAL, customers, in_words, is_missing, number, percent
from customer_segmentation.language import _, isolated, ngettext, translatable
from customer_segmentation.publication.retelling import figures_retold
from customer_segmentation.report import findings
from customer_segmentation.report.about_experiments import experiments
from customer_segmentation.report.glossary import GLOSSARY
from customer_segmentation.report.page import Card
from customer_segmentation.report.value_findings import channel_name

PREVIEWED = 50
BORDERLINE = {translatable("Everyone"): None, translatable("Clear"): False, translatable("Borderline"): True}


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

    layout.title(_("Campaigns and audiences"), segmentation)
    layout.text(f"{findings.campaigns_title(campaigns, segments)}.", "lead")
    is_measured = bool(experiments(publication, segmentation))
    layout.items(_caveats(fit, is_measured, has_costs=not campaigns.empty), "warnings")
    if is_measured:
        layout.link("results", _("What campaigns have changed"), "experiment", segmentation)
    tabs.show(
        "campaigns",
        {
            translatable("What to offer"): partial(_offers, segments, campaigns),
            translatable("Audience"): partial(_audience, segmentation, fit),
        },
    )


def _caveats(fit, is_measured, *, has_costs) -> list[str]:
    costs = _("Costs are assumptions; replace them with yours.")
    found = [costs if is_measured else f"{costs} {_('The effect of the campaigns is not measured.')}"]
    found = found if has_costs else []
    if fit["is_synthetic"]:
        found.insert(0, _("The customers are synthetic: these lists show how it works and reach no real people."))
    return found


def _offers(segments, campaigns) -> None:
    layout.heading(_("What to offer"))
    layout.note(_(TYPICAL))
    layout.cards([_card(segment, campaigns) for segment in segments.itertuples()])


def _card(segment, campaigns) -> Card:
    planned = campaigns[campaigns["persona"] == segment.persona].sort_values(["priority", "campaign_id"])
    facts = []
    for one in planned.itertuples():
        facts.append((f"{isolated(one.campaign)} ({channel_name(one.channel)})", f"{one.offer}. {one.rationale}."))
        facts.append(("", _("“{message}”", message=one.message)))
        facts.append(("", _cost(one)))
    return Card(
        segment.persona,
        segment.colour,
        f"{customers(segment.customers, is_synthetic=False)}, {segment.share}. {figures_retold(segment.headline)}.",
        "",
        facts or [(_("No campaign"), _("None has been assigned."))],
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
                label, known, format_func=shown, key=f"{column} {segmentation}", placeholder=_("all"), default=None
            )
        )

    first, second, third = st.columns(3)
    with first:
        personas = several(_("Personas"), "persona")
    with second:
        campaigns = several(_("Campaigns"), "campaign")
    with third:
        channels = several(_("Channels"), "channel", lambda name: _(in_words(name)))
    left, right = st.columns([2, 1])
    with left:
        kind = st.segmented_control(
            _("Certainty of the segment"),
            list(BORDERLINE),
            format_func=_,
            default="Everyone",
            required=True,
            key=f"borderline {segmentation}",
            help=_("Borderline customers are almost as close to another segment."),
        )
    with right:
        margin = st.slider(
            _("Margin at least"),
            0.0,
            1.0,
            0.0,
            0.05,
            key=f"margin {segmentation}",
            help=_("1 is at the center of the segment, 0 is halfway between two segments."),
        )
    return Audience(segmentation, personas, campaigns, channels, BORDERLINE[kind], margin or None)


def _audience(segmentation, fit) -> None:
    layout.heading(_("The audience of a campaign"))
    layout.note(
        _(
            "Each customer appears once, with the first campaign of the persona, or the first of those that are "
            "chosen. Empty filters include everyone."
        )
    )
    audience = _filters(segmentation)
    count = audience.count()
    share = percent(count / fit["segmented_customers"]) if fit["segmented_customers"] else percent(0)
    reached = ngettext(
        "{customers} customer, {share} of all segmented customers.",
        "{customers} customers, {share} of all segmented customers.",
        count, customers=number(count), share=share,
    )  # fmt: skip
    layout.text(reached, "lead")
    layout.note(left_out(*audience.left_out()))
    if count == 0:
        layout.note(_("No customer matches all filters. Remove one."))
        return
    columns = st.pills(
        _("Columns of the file"),
        list(COLUMNS),
        selection_mode="multi",
        default=list(COLUMNS),
        format_func=lambda name: name.replace("_", " "),
        key=f"columns {segmentation}",
    )
    layout.download(
        ngettext(
            "Download {customers} customer as CSV",
            "Download {customers} customers as CSV",
            count,
            customers=number(count),
        ),
        partial(audience.csv, tuple(columns)),
        audience.file_name,
        type="primary",
        disabled=not columns,
    )
    shown = audience.preview(PREVIEWED)
    shown["channel"] = [None if is_missing(name) else _(in_words(name)) for name in shown["channel"]]
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
            "customer_id": _("Customer"),
            "persona": _("Persona"),
            "campaign": _("Campaign"),
            "channel": _("Channel"),
            "offer": st.column_config.TextColumn(_("Offer"), width="medium"),
            "margin": st.column_config.NumberColumn(_("Margin"), format="%.2f", help=_(GLOSSARY["margin"])),
            "is_borderline": st.column_config.CheckboxColumn(_("Borderline"), help=_(GLOSSARY["borderline"])),
            "runner_up_persona": _("Second nearest persona"),
        },
    )
    if count > len(shown):
        layout.note(_("The first {customers} by id; the download has all of them.", customers=number(len(shown))))
