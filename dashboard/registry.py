"""The pages of the dashboard, in the order of the navigation: one line each.

Their modules lie in `views`: Streamlit would take a folder `pages` for pages of its own and show those instead.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page: the module in `views` that shows it is also its address."""

    name: str
    title: str
    icon: str  # of the Material Symbols, which come with Streamlit


PAGES = (
    Page("overview", "Overview", "home"),
    Page("segments", "Segments and personas", "groups"),
    Page("segment", "One segment", "person"),
    Page("changes", "What changed", "sync_alt"),
    Page("value", "Value and RFM", "payments"),
    Page("campaigns", "Campaigns and audiences", "campaign"),
    Page("results", "Results of campaigns", "experiment"),
    Page("customer", "Look up a customer", "person_search"),
    Page("predict", "Score new customers", "calculate"),
    Page("evidence", "Evidence", "fact_check"),
    Page("explore", "Explore the data", "query_stats"),
    Page("quality", "Data quality", "verified"),
)
