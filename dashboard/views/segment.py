"""One segment: who it is, what sets it apart, what it is worth, where it goes, what to offer, and its customers."""

import layout
import reading
import streamlit as st
from audience import Audience, left_out

from customer_segmentation.formatting import listed, number
from customer_segmentation.language import _, ngettext
from customer_segmentation.report.about_segment import segment_blocks
from customer_segmentation.report.decisions import decisions

ADDRESS = "segment"  # which one it is, in the address
EXAMPLES = 3


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen.
    """
    publication = reading.publication()
    fit = reading.fit_of(segmentation)
    found = {one.persona: one for one in decisions(publication, fit).segments}
    names = list(found)
    layout.title(_("One segment"), segmentation)
    left, right = st.columns(2)
    with left:
        persona = _chosen(segmentation, names)
    with right:
        others = [name for name in names if name != persona]
        other = st.selectbox(
            _("Compare with"),
            others,
            index=None,
            placeholder=_("no other segment"),
            key=f"beside {segmentation} {persona}",
        )
    layout.blocks(segment_blocks(publication, fit, found[persona], other))
    _customers(segmentation, persona, found[persona].customers)


def _chosen(segmentation: str, names: list[str]) -> str:
    """Ask for the segment, beginning with that of the address, and keep the address up to date."""
    asked = st.query_params.get(ADDRESS)
    key = f"segment of {segmentation}"
    if key not in st.session_state and asked in names:
        st.session_state[key] = asked
    persona = st.selectbox(_("Segment"), names, key=key)
    if asked is not None and asked not in names:
        layout.note(
            _(
                "There is no segment “{asked}” in this segmentation; {shown} is shown.",
                asked=asked[:60],
                shown=persona,
            )
        )
    if asked != persona:
        st.query_params[ADDRESS] = persona
    return persona


def _customers(segmentation: str, persona: str, customers: int) -> None:
    layout.heading(_("Their customers"))
    examples = reading.rows(
        """
        select customer_id
        from customer_segments
        where segmentation = ? and persona = ?
        order by margin desc, customer_id
        limit ?
        """,
        [segmentation, persona, EXAMPLES],
    )["customer_id"]
    layout.text(_("Most typical, with the largest margin to other segments: {customers}.", customers=listed(examples)))
    audience = Audience(segmentation, (persona,))
    not_reached = audience.left_out()
    reached = customers - sum(not_reached)
    offered = ngettext(
        "Download {customers} customer as CSV",
        "Download {customers} customers as CSV",
        reached,
        customers=number(reached),
    )
    layout.download(offered, audience.csv, audience.file_name, type="primary", disabled=not reached)
    layout.note(left_out(*not_reached))
