"""The colours of the pages: what is written on them is readable in light and in dark, and they stand in one place."""

import re
import tomllib
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import config, page_config
from customer_segmentation.report.charts.segments import BEHIND
from customer_segmentation.report.page import LEAST_CONTRAST, contrast, readable_on
from helpers.browser import chromium

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "src/customer_segmentation/report/templates"
STYLES = (ROOT / "dashboard/layout.py", *sorted(TEMPLATES.iterdir()))
# Streamlit's own names for the colours of its pages
STREAMLIT = {
    "primaryColor": "active", "backgroundColor": "paper", "secondaryBackgroundColor": "panel", "textColor": "ink",
    "linkColor": "link", "borderColor": "grid",
}  # fmt: skip
# What is written on what: everything that text stands on, by the colour of the text.
WRITTEN = {
    "ink": ("paper", "panel", "caution", "band"),
    "muted": ("paper", "panel"),
    "link": ("paper", "panel", "caution"),
    "warning": ("paper",),
    "active": ("paper", "panel"),
    "on-active": ("active",),
    "badge-ink": ("badge",),
}
MODES = theme.Colour._fields
SCALES = (
    [theme.diverging(step / 200) for step in range(-200, 201)],
    [theme.sequential(step / 200) for step in range(201)],
)
FIELDS = {field.name: field for scale in SCALES for field in scale}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "ground"), [(text, ground) for text, all_ in WRITTEN.items() for ground in all_])
def test_what_is_written_on_a_page_is_readable(mode, text, ground):
    assert contrast(getattr(theme.PAGE[text], mode), getattr(theme.PAGE[ground], mode)) >= LEAST_CONTRAST


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("grade", theme.GRADES)
def test_names_of_grades_are_readable_on_their_bands(mode, grade):
    band = theme.PAGE["grid" if grade == "dissolved" else grade]
    paper = theme.PAGE["paper"]
    ground = _blended(getattr(band, mode), getattr(paper, mode), BEHIND)
    assert contrast(getattr(theme.PAGE["muted"], mode), ground) >= LEAST_CONTRAST


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [*FIELDS, "found"])
def test_what_is_written_on_a_field_is_readable(mode, name):
    assert contrast(getattr(theme.PAGE["ink"], mode), getattr(theme.PAGE[name], mode)) >= LEAST_CONTRAST


@pytest.mark.parametrize("field", [field for scale in SCALES for field in scale], ids=lambda field: field.colour)
def test_what_is_written_on_a_field_of_a_picture_is_readable(field):
    assert contrast(theme.INK, field.colour) >= LEAST_CONTRAST


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("scale", SCALES, ids=("diverging", "sequential"))
def test_a_field_stands_out_from_the_page_the_more_the_further_it_is_from_the_middle(mode, scale):
    away = [contrast(getattr(theme.PAGE[field.name], mode), getattr(theme.PAGE["paper"], mode)) for field in scale]
    middle = away.index(min(away))
    assert scale[middle].name in ("middle", "paper")
    assert away[: middle + 1] == sorted(away[: middle + 1], reverse=True)
    assert away[middle:] == sorted(away[middle:])
    assert away[-1] >= 2


def test_every_step_of_a_scale_is_among_the_colours_of_the_pages_and_near_that_of_pictures():
    assert set(FIELDS) <= set(theme.PAGE)
    assert len(FIELDS) == 3 * theme.STEPS + 2
    for scale in SCALES:
        for field in scale:
            assert contrast(field.colour, theme.PAGE[field.name].light) < 1.05


@pytest.mark.parametrize("mode", MODES)
def test_a_ring_around_what_has_the_focus_is_seen(mode):
    assert contrast(getattr(theme.PAGE["focus"], mode), getattr(theme.PAGE["paper"], mode)) >= 3


def test_every_colour_of_a_text_and_of_what_is_behind_it_is_among_those_tried():
    texts, grounds = set(), set()
    for style in STYLES:
        content = style.read_text(encoding="utf-8")
        texts |= set(re.findall(r"(?<![\w-])color: var\(--([\w-]+)\)", content))
        grounds |= set(re.findall(r"background: var\(--([\w-]+)\)", content))
    assert {"ink", "muted", "badge-ink"} <= texts <= set(WRITTEN)
    assert {"paper", "badge"} <= grounds <= {ground for all_ in WRITTEN.values() for ground in all_}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_no_colour_of_a_page_stands_anywhere_else(style):
    content = style.read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s\"])", content) == []
    assert set(re.findall(r"var\(--([\w-]+)\)", content)) <= {*theme.PAGE, "figures"}


def test_streamlit_has_the_colours_of_the_pages_in_light_and_in_dark():
    shown = tomllib.loads((ROOT / "dashboard/.streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    for mode in MODES:
        assert shown[mode] == {option: getattr(theme.PAGE[name], mode) for option, name in STREAMLIT.items()}
    assert not set(shown) & set(STREAMLIT)  # colours for both would leave no choice


def test_a_label_is_readable_on_every_colour_that_a_segment_may_have():
    palette = pd.read_csv(ROOT / "seeds/judgement/palette.csv")["colour"]
    every = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in product(range(0, 256, 15), repeat=3)]
    for colour in [*palette, *every]:
        assert contrast(readable_on(colour), colour) >= LEAST_CONTRAST, colour


def test_charts_follow_the_page_and_pictures_do_not():
    assert theme.on_page(page_config())["axis"]["labelColor"] == "var(--ink)"
    assert config()["axis"]["labelColor"] == theme.INK
    drawn = theme.on_page(
        {
            "datasets": {
                "a": [{"colour": theme.INK, "name": theme.INK}, {"colour": "#0072b2"}],
                "b": [{"colour": theme.PAPER, "ink": theme.INK}],
                "c": [{"colour": theme.PAPER, "field": "most-3", "ink": theme.INK}],
            },
            "encoding": {"color": {"scale": {"domain": [theme.INK], "range": [theme.GRID, "#d55e00"]}}},
            "mark": {"type": "text", "stroke": theme.PAPER, "strokeWidth": 4},
        }
    )
    assert drawn["datasets"]["a"] == [{"colour": "var(--ink)", "name": theme.INK}, {"colour": "#0072b2"}]
    assert drawn["datasets"]["b"] == [{"colour": theme.PAPER, "ink": theme.INK}]
    assert drawn["datasets"]["c"] == [{"colour": "var(--most-3)", "ink": "var(--ink)"}]
    assert drawn["encoding"]["color"]["scale"] == {"domain": [theme.INK], "range": ["var(--grid)", "#d55e00"]}
    assert drawn["mark"] == {"type": "text", "stroke": "var(--paper)", "strokeWidth": 4}


def _blended(above, below, opacity):
    channels = [[int(colour[place : place + 2], 16) for place in (1, 3, 5)] for colour in (above, below)]
    return "#" + "".join(f"{round(opacity * a + (1 - opacity) * b):02x}" for a, b in zip(*channels, strict=True))


@pytest.mark.browser
def test_every_row_of_charts_is_full_whatever_their_number():
    rules = theme.filled_rows(".three", ".two", "div")
    grids = [
        f"<p><section class='{kind}'>{'<div></div>' * number}</section></p>"
        for kind in ("three", "two")
        for number in range(1, 12)
    ]
    page_of = f"<style>body {{ margin: 0 }} main {{ container-type: inline-size }} div {{ height: 9px }} {rules}</style><main>{''.join(grids)}</main>"
    measured = """() => [...document.querySelectorAll("section")].map(grid => {
        const rows = {};
        for (const one of grid.children) {
            const { top, width } = one.getBoundingClientRect();
            (rows[top] ??= []).push(width);
        }
        return Object.keys(rows).sort((a, b) => a - b).map(top => rows[top]);
    })"""
    most = {1000: (3, 2), 700: (2, 1), 300: (1, 1)}  # in a row of either kind
    with chromium() as browser:
        page = browser.new_page()
        page.set_content(page_of)
        for width, (three, two) in most.items():
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate(measured)
            assert [sum(map(len, rows)) for rows in found] == [*range(1, 12)] * 2
            assert {round(sum(row)) for rows in found for row in rows} == {width}
            assert {max(map(len, rows)) for rows in found[:11]} == {*range(1, three + 1)}
            assert {max(map(len, rows)) for rows in found[11:]} == {*range(1, two + 1)}
