"""The pages of the dashboard, in the order of the navigation: one line each.

Their modules lie in `views`: Streamlit would take a folder `pages` for pages of its own and show those instead.
"""

from dataclasses import dataclass

from customer_segmentation.language import translatable


@dataclass(frozen=True)
class Page:
    """A page: the module in `views` that shows it is also its address."""

    name: str
    title: str
    icon: str  # of the Material Symbols, which come with Streamlit


PAGES = (
    Page("overview", translatable("Overview"), "home"),
    Page("segments", translatable("Segments and personas"), "groups"),
    Page("segment", translatable("One segment"), "person"),
    Page("changes", translatable("What changed"), "sync_alt"),
    Page("value", translatable("Value and RFM"), "payments"),
    Page("campaigns", translatable("Campaigns and audiences"), "campaign"),
    Page("results", translatable("Results of campaigns"), "experiment"),
    Page("customer", translatable("Look up a customer"), "person_search"),
    Page("predict", translatable("Score new customers"), "calculate"),
    Page("evidence", translatable("Evidence"), "fact_check"),
    Page("explore", translatable("Explore the data"), "query_stats"),
    Page("quality", translatable("Data quality"), "verified"),
)
