"""Parts of a page behind tabs, so that no page is endless: the open tab is kept in the address and alone is made."""

from collections.abc import Callable, Mapping

import streamlit as st

from customer_segmentation.language import _


def show(name: str, parts: Mapping[str, Callable[[], None]]) -> None:
    """Show the tabs of a page and make the one that is open.

    Parameters
    ----------
    name : str
        What the open tab is called in the address; no two pages share it.
    parts : mapping of str to callable
        What shows each part, by the label of its tab, which is looked up here.
    """
    # an address and a tab from when the publication was in English lead to the same tab
    asked = st.session_state.get(name, st.query_params.get(name))
    if asked in parts and _(asked) != asked:
        st.session_state[name] = _(asked)
    tabs = st.tabs([_(label) for label in parts], key=name, on_change="rerun", bind="query-params")
    for tab, make in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                make()
