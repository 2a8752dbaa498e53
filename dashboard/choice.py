"""The segmentation that all pages show: chosen once in the sidebar, kept in the address."""

import layout
import pandas as pd
import streamlit as st

from customer_segmentation.formatting import listed
from customer_segmentation.language import _
from customer_segmentation.report.glossary import GLOSSARY

KEY = "segmentation"  # in the address, and of the widget
# What a widget holds is forgotten with the page it stands on; this is not.
REMEMBERED = "remembered_segmentation"


def choose(fits: pd.DataFrame) -> str:
    """Show the choice in the sidebar and return what is chosen.

    Parameters
    ----------
    fits : DataFrame
        The segmentations in their order, as `Publication.fits` returns them.

    Returns
    -------
    str
        Name of the segmentation.
    """
    names: list[str] = list(fits["segmentation"])
    # The address of a page just opened from the navigation says nothing; the session remembers.
    asked = st.query_params.get(KEY) or st.session_state.get(REMEMBERED)
    chosen = asked if asked in names else names[0]
    st.session_state[KEY] = st.session_state[REMEMBERED] = chosen
    _keep_in_address()
    labels = dict(zip(names, map(label, fits.to_dict("records")), strict=True))
    st.sidebar.selectbox(
        _("Segmentation"),
        names,
        format_func=labels.__getitem__,
        key=KEY,
        on_change=_keep_in_address,
        help=f"{_(GLOSSARY['segmentation'])} {_('All pages show the one chosen here.')}",
    )
    if asked and asked != chosen:
        st.warning(
            _(
                "There is no segmentation “{asked}”. Published: {segmentations}. {shown} is shown instead; choose "
                "another one in the sidebar.",
                asked=_plain(asked),
                segmentations=listed(map(_plain, names)),
                shown=_plain(labels[chosen]),
            ),
            icon=":material/wrong_location:",
        )
    return chosen


def label(fit: dict) -> str:
    """Name a segmentation, then its dataset, if that is not part of the name, and say if its customers are synthetic.

    The name comes first, because a narrow sidebar cuts the end.

    Examples
    --------
    >>> label({"dataset_name": "Corner shop", "segmentation_name": "Six personas", "is_synthetic": False})
    'Six personas (Corner shop)'
    """
    dataset, own = fit["dataset_name"], fit["segmentation_name"]
    notes = [] if own.lower().startswith(dataset.lower()) else [dataset]
    notes += [_("synthetic")] if fit["is_synthetic"] else []
    return f"{own} ({', '.join(notes)})" if notes else own


def _keep_in_address() -> None:
    if st.query_params.get(KEY) != st.session_state[KEY]:
        st.query_params[KEY] = st.session_state[KEY]


def _plain(name: str) -> str:
    """Show a name as it is, and not more of it than can be read."""
    return layout.plain(name if len(name) <= 60 else name[:60] + "…")
