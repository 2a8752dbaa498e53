"""The parts that pages are made of. Every text is escaped here: names come from the files of users."""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

import altair as alt
import reading
import streamlit as st

from customer_segmentation.formatting import customers, number
from customer_segmentation.language import ENGLISH, _, ngettext, used
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import page_config
from customer_segmentation.report.glossary import explained
from customer_segmentation.report.page import Cell, Table, anchor, together

FONT = "'Source Sans', sans-serif"  # that of the text around the charts; it comes with Streamlit
MOST_FIGURES = 5  # side by side
FEW_FIGURES = 2  # that a row with a name and an action has room for on a narrow screen
# what Markdown makes a link of without a mark: a joiner, which nobody sees, keeps it text
ADDRESS, JOINER = re.compile(r"https?(?=://)|www(?=\.)|[\w.+-]+(?=@)", re.IGNORECASE), "\N{WORD JOINER}"
MARKUP = r"\`*_{}[]()<>#+-.!|:$~"  # what may mean something in Markdown
CHARTS = '[class*="st-key-charts-{}"] > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]'
STYLE = f"""
<style>
{theme.style()}
[data-testid="stMainBlockContainer"] {{ max-width: 1180px; padding-top: 3.2rem; }}
[data-testid="stPageLink"] p {{ white-space: normal; }}
[data-testid="stCaptionContainer"] {{ color: var(--muted); opacity: 1; }}
[data-testid^="stBaseButton-primary"], [data-testid="stMultiSelect"] [data-baseweb="tag"] {{ color: var(--on-active); }}
[data-testid="stPlotlyChart"] .modebar-btn path {{ fill: var(--muted) !important; }}
.dashboard p, .dashboard ul {{ max-width: 46rem; }}
.dashboard {{ color: var(--ink); overflow-wrap: anywhere; }}
.dashboard .note {{ color: var(--muted); font-size: .875rem; margin: .2rem 0; }}
.dashboard .lead {{ font-size: 1.08rem; }}
.dashboard h2 {{ font-size: 1.2rem; line-height: 1.35; margin: 1.2rem 0 .2rem; padding: 0; }}
.dashboard .badge {{ display: inline-block; vertical-align: middle; font-size: .75rem; font-weight: 600;
  padding: .1rem .55rem; border-radius: 1rem; background: var(--badge); color: var(--badge-ink);
  border: 1px solid var(--badge-edge); margin-left: .6rem; letter-spacing: 0; white-space: nowrap; }}
/* above it room for the dots of a capital such as Ü */
.dashboard h1 {{ font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; padding: .2em 0 0; margin: 0; }}
.dashboard ul.warnings {{ list-style: none; padding: .7rem 1rem; margin: .5rem 0; background: var(--caution);
  border-left: 4px solid {theme.CONTRAST}; }}
.dashboard ul.warnings li {{ margin: .25rem 0; }}
.dashboard .figures {{ display: flex; flex-wrap: wrap; gap: .8rem; }}
.dashboard .figure {{ flex: 1 1 max(11rem, (100% - (var(--figures) - 1) * .8rem) / var(--figures)); min-width: 0;
  border: 1px solid var(--grid); border-radius: 8px; padding: .8rem 1rem;
  background: var(--paper); }}
.dashboard .figure .label {{ color: var(--muted); font-size: .8125rem; }}
.dashboard .figure .value {{ font-size: 1.5rem; font-weight: 650; overflow-wrap: normal; line-height: 1.3;
  font-variant-numeric: tabular-nums; }}
.dashboard .decision {{ display: grid; gap: .3rem 1rem; align-items: start;
  grid-template-columns: minmax(9rem, 1.3fr) repeat(var(--figures), minmax(5rem, .8fr)) minmax(12rem, 2fr); }}
.dashboard .decision h2 {{ margin: 0; font-size: 1.05rem; border-left: 6px solid; padding-left: .6rem; }}
.dashboard .decision .value {{ font-size: 1.05rem; font-weight: 650; font-variant-numeric: tabular-nums; }}
.dashboard .decision p {{ margin: 0; font-size: .9375rem; }}
.dashboard .scroll {{ overflow-x: auto; max-width: 100%; }}
.dashboard .scroll:focus-visible {{ outline: 3px solid var(--focus); outline-offset: 2px; }}
.dashboard table {{ border-collapse: collapse; font-size: .875rem; min-width: min(100%, 30rem); margin: 0; }}
.dashboard th, .dashboard td {{ text-align: left; padding: .4rem .7rem; vertical-align: top; border: 0;
  border-bottom: 1px solid var(--grid); color: var(--ink); overflow-wrap: normal; }}
.dashboard thead th {{ color: var(--muted); font-weight: 600; border-bottom: 2px solid var(--grid);
  vertical-align: bottom; }}
.dashboard tbody th {{ font-weight: 550; min-width: 8rem; position: sticky; left: 0; background: var(--paper); }}
.dashboard td {{ min-width: 4rem; max-width: 26rem; }}
.dashboard .long {{ min-width: 11rem; }}
.dashboard .number {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
.dashboard thead .number {{ white-space: normal; }}
.dashboard thead .number.long {{ min-width: 9rem; }}
.dashboard .swatch {{ display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .5rem;
  vertical-align: -1px; }}
.dashboard .cards {{ display: flex; flex-wrap: wrap; gap: 1rem; }}
.dashboard .card {{ flex: 1 1 min(100%, 330px);
  border: 1px solid var(--grid); border-top: 6px solid; border-radius: 8px; padding: .9rem 1.1rem;
  background: var(--paper); min-width: 0; }}
.dashboard .card h3 {{ font-size: 1rem; margin: 0; padding: 0; }}
.dashboard .card p {{ margin: .4rem 0; font-size: .9375rem; }}
.dashboard .card dl {{ margin: .7rem 0 0; padding: 0; font-size: .875rem; }}
.dashboard .card dt {{ font-weight: 600; margin-top: .5rem; }}
.dashboard .card dd {{ margin: 0; padding: 0; }}
.dashboard .card dd + dd {{ margin-top: .25rem; }}
.dashboard .contradicted {{ color: var(--warning); }}
[data-testid="stElementContainer"]:has(.decision) {{ flex: 1 1 20rem; min-width: min(100%, 15rem); }}
.dashboard:has(> .decision) {{ container-type: inline-size; }}
@container (max-width: 34rem) {{
  .dashboard .decision {{ column-gap: .5rem; grid-template-columns: repeat(auto-fit, minmax(4.2rem, 1fr)); }}
  .dashboard .decision h2, .dashboard .decision .action {{ grid-column: 1 / -1; }}
}}
@container (max-width: 45rem) {{
  .dashboard .decision.full {{ column-gap: .5rem; grid-template-columns: repeat(auto-fit, minmax(4.2rem, 1fr)); }}
  .dashboard .decision.full h2, .dashboard .decision.full .action {{ grid-column: 1 / -1; }}
}}
[class*="st-key-charts-"] {{ container-type: inline-size; }}
{theme.filled_rows(CHARTS.format(3), CHARTS.format(2), '[data-testid="stColumn"]')}
[class*="st-key-charts-"] [data-testid="stColumn"] {{ min-width: 0; width: auto; }}
{theme.NARROW_TABLES}
@media (max-width: 640px) {{
  [data-testid="stMainBlockContainer"] {{ padding: 4.25rem 1rem 3rem; }}
  .dashboard .figure {{ flex-basis: calc((100% - .8rem) / 2); }}
}}
/* paper is light, whatever the screen is */
@media print {{
  [data-testid="stSidebar"] {{ display: none; }}
  [data-testid="stApp"] {{ color-scheme: light !important; background: var(--paper) !important; }}
  [data-testid="stMain"] :is(h1, h2, h3, label, button, [data-testid="stMarkdownContainer"]),
  [data-testid="stMain"] :is([data-baseweb], [data-baseweb] *) {{
    color: var(--ink) !important; background: transparent !important; }}
}}
</style>
"""


@dataclass(frozen=True)
class Figure:
    """A headline figure: what it is, its value as readers read it, and what it means."""

    label: str
    value: str
    note: str = ""


def style() -> None:
    """Give the page the look of the report; needed once on each page."""
    st.html(STYLE)


def title(text: str, segmentation: str) -> None:
    """Begin a page: its title, which segmentation it is about, and a mark if the customers are synthetic."""
    fit = reading.fit_of(segmentation)
    told = ngettext(
        "{segmentation}: {customers} in one segment",
        "{segmentation}: {customers} in {segments} segments",
        fit["filled_segments"],
        segmentation=fit["segmentation_name"],
        customers=customers(fit["segmented_customers"], is_synthetic=False),
        segments=number(fit["filled_segments"]),
    )
    _html(f'<h1>{_escaped(text)}{_badge(fit["is_synthetic"])}</h1><p class="note">{_escaped(told)}</p>')


def heading(text: str) -> None:
    """Begin a part of a page."""
    _html(f"<h2>{_escaped(text)}</h2>")


def text(sentences: str, tone: str = "") -> None:
    """Show a paragraph; `tone` is empty, "lead" or "note"."""
    if sentences:
        _html(f'<p class="{tone}">{_escaped(sentences)}</p>')


def note(sentences: str) -> None:
    """Show a paragraph that steps back: a caption, a caveat."""
    text(sentences, "note")


def items(sentences: Iterable[str], tone: str = "") -> None:
    """Show a list of sentences; `tone` is empty or "warnings"."""
    lines = "".join(f"<li>{_escaped(sentence)}</li>" for sentence in sentences)
    if lines:
        _html(f'<ul class="{tone}">{lines}</ul>')


def figures(shown: Iterable[Figure]) -> None:
    """Show headline figures side by side, two to a row on a phone."""
    shown = list(shown)
    rows = ceil(len(shown) / MOST_FIGURES)
    columns = ceil(len(shown) / max(rows, 1))  # as many to each row, so that no figure stands alone below the others
    _html(
        f'<div class="figures" style="--figures: {max(columns, 1)}">'
        + "".join(
            f'<div class="figure"><div class="label">{explained(one.label)}</div>'
            f'<div class="value">{_escaped(one.value)}</div><div class="note">{_escaped(one.note)}</div></div>'
            for one in shown
        )
        + "</div>"
    )


def decision(title: str, colour: str, shown: list[Figure], action: str, reason: str) -> None:
    """Show a segment in a row: its name, its figures, and what to do about it; on a phone below each other."""
    figures = "".join(
        f'<div><div class="value">{_escaped(one.value)}</div><div class="note">{_escaped(one.label)}</div></div>'
        for one in shown
    )
    _html(
        f'<article class="decision{" full" if len(shown) > FEW_FIGURES else ""}" style="--figures: {len(shown)}">'
        f'<h2 dir="auto" style="border-left-color: {_escaped(colour)}">{_escaped(title)}</h2>{figures}'
        f'<div class="action"><p><strong>{_escaped(action)}</strong></p><p class="note">{_escaped(reason)}</p></div>'
        "</article>"
    )


def link(page: str, label: str, icon: str, segmentation: str, **parameters: str) -> None:
    """Offer another page of the dashboard by its address, which also says what it is to show."""
    shown = {"segmentation": segmentation} | parameters
    address = st.Page(_elsewhere, url_path=page)
    st.page_link(address, label=plain(label), icon=f":material/{icon}:", query_params=shown)


def chart(figure: alt.LayerChart | dict, caption: str, alternative: str = "", key: str | None = None) -> None:
    """Show a chart of `report.charts` with a caption, and a text for readers who cannot see it."""
    alternative = alternative or caption
    if isinstance(figure, dict):
        figure["layout"]["font"]["family"] = FONT
        figure["layout"]["modebar"] = {"bgcolor": "rgba(0,0,0,0)"}
        figure["layout"] = theme.on_page(figure["layout"], st.context.theme.type or "light")
        config = {"displaylogo": False, "modeBarButtons": [["resetCameraDefault3d"]], "responsive": True}
        st.plotly_chart(figure, theme=None, key=key, alt=alternative, config=config)
    else:
        drawn = theme.on_page(figure.to_dict(validate=False) | {"config": page_config() | {"font": FONT}})
        # the height is that of the axes, as in the report: Streamlit would make their titles part of it
        drawn.setdefault("autosize", {"type": "fit-x", "contains": "padding"})
        # a canvas would know nothing of the colours of the page
        drawn["usermeta"] = {"embedOptions": {"renderer": "svg"}}
        st.vega_lite_chart(spec=drawn, width="stretch", theme=None, key=key, alt=alternative)
    note(caption)


def table(shown: Table) -> None:
    """Show a table of `customer_segmentation.report.page` that is small enough to be read as a whole."""
    head = "".join(
        f'<th scope="col"{_class(shown.look(place, header))}>{explained(header)}</th>'
        for place, header in enumerate(shown.headers)
    )
    body = "".join(
        "<tr>" + "".join(_cell(cell, place, shown) for place, cell in enumerate(row)) + "</tr>" for row in shown.cells
    )
    caption = _escaped(shown.caption)
    _html(
        f'<p class="note">{caption}</p><div class="scroll" role="group" tabindex="0" aria-label="{caption}">'
        f'<table{_class("wide" if shown.is_wide else "")} aria-label="{caption}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def cards(shown: Iterable[Any]) -> None:
    """Show cards of `customer_segmentation.report.page` side by side where there is room."""
    _html('<div class="cards">' + "".join(map(_card, shown)) + "</div>")


def blocks(shown: Iterable[Any]) -> None:
    """Show parts of the report, as `report.about_segmentations` and `report.about_data` return them."""
    for block in shown:
        match block.kind:
            case "text":
                text(block.text, block.tone)
            case "heading":
                heading(block.text)
            case "items":
                items(block.items, block.tone)
            case "table":
                table(block)
            case "chart":
                chart(block.figure, block.caption, block.alternative, block.anchor)
            case "grid":
                grid(block.blocks, 2 if block.wide else 3)
            case "folded":
                with st.expander(block.summary):
                    blocks(block.blocks)
            case "card":
                cards([block])


def grid(shown: list[Any], columns: int) -> None:
    """Show parts of the report side by side, one below the other on a phone; cards make rows of their own."""
    if all(block.kind == "card" for block in shown):
        cards(shown)
        return
    if all(block.kind == "chart" for block in shown):
        # as many to a row as have room for the titles of their axes, which are never cut
        with st.container(key=f"charts-{columns}-{anchor(shown[0].caption)}"):
            for column, block in zip(st.columns(len(shown)), shown, strict=True):
                with column:
                    blocks([block])
        return
    for start in range(0, len(shown), columns):
        for column, block in zip(st.columns(columns), shown[start : start + columns], strict=False):
            with column:
                blocks([block])


def download(label: str, make: Callable[[], bytes | str], file_name: str, mime: str = "text/csv", **options) -> None:
    """Offer a file that is made only when it is asked for."""
    st.download_button(
        plain(label), make, file_name=file_name, mime=mime, on_click="ignore", icon=":material/download:", **options
    )


def nothing_published(message: str) -> None:
    """Say that there is nothing to show and what to do about it; the page looks again by itself."""
    # of another version it may be a table that does not exist
    is_missing = re.match(r"[^(]* (does not exist|holds no segmentation)", message)
    _apologise(_("Nothing is published yet") if is_missing else _("What is published cannot be read"), message)


def unforeseen() -> None:
    """Say that a page failed on what is published; why stands in the log and not on the page."""
    _apologise(
        _("This page cannot be shown"),
        _(
            "The published data has something unexpected; the log of the dashboard says what. Other pages may work. "
            "Run `make build` to publish the data again."
        ),
    )


def _elsewhere() -> None:
    """Stand for a page that is known by its address."""


def _apologise(title: str, message: str) -> None:
    st.title(title)
    text(message, "lead")
    note(_("This page checks every few seconds and shows the data once it is published."))


def plain(content: str) -> str:
    r"""Write a text for labels, help and messages of Streamlit, which are Markdown, so that it is read as it is.

    Examples
    --------
    >>> print(plain("income [k$]"))
    income \[k\$\]
    """
    content = ADDRESS.sub(f"\\g<0>{JOINER}", content)
    return "".join(f"\\{letter}" if letter in MARKUP else letter for letter in content)


def _html(content: str) -> None:
    # Streamlit says of the whole page that it is English
    language = "" if used().code == ENGLISH else f' lang="{used().code}"'
    st.html(f'<div class="dashboard"{language}>{content}</div>')


def _badge(is_synthetic) -> str:
    return f'<span class="badge">{_escaped(_("synthetic data"))}</span>' if is_synthetic else ""


def _escaped(content: Any) -> str:
    return html.escape(together(str(content)))


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _cell(cell: Cell, place: int, shown: Table) -> str:
    tag, about = ("th", ' scope="row"') if place == 0 else ("td", f' data-label="{_escaped(shown.headers[place])}"')
    name = shown.look(place, cell.text)
    colours = f' style="background:var(--{cell.background})"' if cell.background else ""
    swatch = f'<span class="swatch" style="background:{_escaped(cell.swatch)}"></span>' if cell.swatch else ""
    return f"<{tag}{about}{_class(name)}{colours}>{swatch}{_escaped(cell.text)}</{tag}>"


def _card(card) -> str:
    warning = f"<strong>{_escaped(_('Contradicted:'))}</strong> {_escaped(card.warning)}"
    warning = f'<p class="contradicted">{warning}</p>' if card.warning else ""
    facts = "".join(
        f"{f'<dt>{explained(name)}</dt>' if name else ''}<dd>{_escaped(fact)}</dd>" for name, fact in card.facts
    )
    return (
        f'<article class="card" style="border-top-color:{_escaped(card.colour)}"><h3>{_escaped(card.title)}</h3>'
        f'<p class="note">{_escaped(card.subtitle)}</p><p>{_escaped(card.text)}</p>{warning}<dl>{facts}</dl></article>'
    )
