"""How old the data is, and that a newer publication is shown as soon as it is there."""

from collections.abc import Iterable

import layout
import reading
import streamlit as st

from customer_segmentation.language import _, day_text
from customer_segmentation.publication.database import Identity

SECONDS = 3  # between two looks at the file
NOTICE = "was_replaced"


def moment(time) -> str:
    """Write a time of day for readers.

    Examples
    --------
    >>> import pandas as pd
    >>> moment(pd.Timestamp("2025-01-02 03:04:05"))
    '2 January 2025, 03:04 UTC'
    """
    return _("{day}, {time} UTC", day=day_text(time), time=f"{time:%H:%M}")


def show_notices(notices: Iterable[str]) -> None:
    """Say in the sidebar when the data was published, and on the page if that was while it was open.

    Parameters
    ----------
    notices : iterable of str
        What else is to be known about the published files.
    """
    for notice in notices:
        st.warning(layout.plain(notice), icon=":material/warning:")
    published = moment(reading.published_at())
    st.sidebar.caption(_("Published {moment}", moment=published))
    if st.session_state.pop(NOTICE, False):
        st.info(
            _("New data was published on {moment}. This page shows it.", moment=published), icon=":material/update:"
        )


@st.fragment(run_every=SECONDS)
def watch(shown: Identity | None, mode: str | None) -> None:
    """Look from time to time whether the published file is still the one that is shown; if not, show the new one.

    Parameters
    ----------
    shown : Identity or None
        The file that the page was made of.
    mode : {"light", "dark"} or None
        The theme that the page was made for. What is drawn on a canvas is made again for another one.
    """
    if st.context.theme.type != mode:
        st.rerun()
    if reading.identity() != shown:
        st.session_state[NOTICE] = True
        st.rerun()
