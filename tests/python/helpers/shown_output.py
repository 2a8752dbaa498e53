"""Refresh what pages show of commands and of published figures, and the outputs of the notebook: `make pages`.

A page marks the place: `<!-- output: segmentation show mall_income_spending -->`, then the output, then `<!-- end -->`.
Instead of a command it may name a function of `FIGURES`, which returns Markdown. The first picture of the README is made
in the same way, by `picture`.
"""

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb

from customer_segmentation.cli.main import main
from customer_segmentation.formatting import percent, shares

ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "dbt_project.yml").is_file())
REGION = re.compile(r"(<!-- output: ([^\n]+) -->\n).*?(<!-- end -->)", re.DOTALL)
WIDTH = "100"
PICTURE = ROOT / "docs/pictures/segments.svg"
PICTURED = "mall_income_spending"
INK, MUTED, ROW, BAR = "#111827", "#4b5563", 78, 190  # colours; height of a row and widest bar in pixels


def pages() -> Iterator[Path]:
    """Return the pages that show output."""
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]):
        if REGION.search(page.read_text(encoding="utf-8")):
            yield page


def refreshed(text: str, published: Path) -> str:
    """Return the text of a page with the output of today."""
    return REGION.sub(lambda region: f"{region[1]}{_output(region[2], published)}\n{region[3]}", text)


def _output(shown: str, published: Path) -> str:
    if shown in FIGURES:
        with duckdb.connect(str(published), read_only=True) as database:
            return FIGURES[shown](database)
    name, *arguments = shown.split()
    if name == "make":
        text = subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    else:
        assert name == "segmentation", shown
        text = _segmentation(arguments, published)
    return f"```text\n{text.strip(chr(10))}\n```"


def _segmentation(arguments: list[str], published: Path) -> str:
    os.environ |= {"COLUMNS": WIDTH, "SEGMENTATION_PUBLISHED": str(published)}
    written = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(written):
        assert main(arguments) == 0, arguments
    return written.buffer.getvalue().decode()


def systems(database: duckdb.DuckDBPyConnection) -> str:
    """Return a table of the segmentations of the examples and what their evidence says."""
    rows = database.execute(
        """
        select
            segmentation, k, recommended_k, silhouette, inertia / best_known_inertia - 1 as excess,
            list_sort(list(bootstrap_jaccard)) as jaccards,
            string_agg(persona, ', ' order by segments.customers desc, persona) as personas
        from segmentation_fits
        inner join k_recommendation using (segmentation)
        inner join segments using (segmentation)
        group by all
        order by segmentation
        """
    ).fetchall()
    lines = [
        "| segmentation | segments | recommended | silhouette | stability | inertia above the best known | personas |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for name, k, recommended, silhouette, excess, jaccards, personas in rows:
        cells = [
            f"`{name}`", k, recommended, f"{silhouette:.2f}", f"{jaccards[0]:.2f} to {jaccards[-1]:.2f}",
            percent(excess) if excess > 1e-6 else "0 %", personas,
        ]  # fmt: skip
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def findings(database: duckdb.DuckDBPyConnection) -> str:
    """Return what the evidence says about the Mall Customers systems, as a list."""
    ((criteria, agreeing, worst, best),) = database.execute(
        """
        select any_value(criteria), any_value(agreeing_criteria), min(bootstrap_jaccard), max(bootstrap_jaccard)
        from k_recommendation inner join segments using (segmentation) where segmentation = 'mall_income_spending'
        """
    ).fetchall()
    jaccards = dict(
        database.execute(
            "select k, worst_cluster_jaccard from k_selection where segmentation = 'mall_six_personas'"
        ).fetchall()
    )
    ((excess, moved, customers),) = database.execute(
        """
        select excess_over_best, customers_elsewhere, customers from fit_optima
        where segmentation = 'mall_seven_personas' and is_in_use
        """
    ).fetchall()
    verdicts = dict(
        database.execute("select verdict, count(*) from published_result_checks group by verdict").fetchall()
    )
    return "\n".join(
        [
            f"- **Income and spending**: {agreeing} of {criteria} criteria pick five segments. Every segment comes back in "
            f"new samples (bootstrap Jaccard {worst:.2f} to {best:.2f}).",
            f"- **Age, income and spending**: of the popular five segments, one does not come back (Jaccard "
            f"{jaccards[5]:.2f}). All six segments do (worst {jaccards[6]:.2f}).",
            f"- **The seven published personas** are a local optimum: inertia {percent(excess)} above the best known, "
            f"{moved} of {customers} customers in another segment.",
            f"- **{sum(verdicts.values())} figures that others published** on this data, recomputed: "
            f"{verdicts['confirmed']} confirmed, {verdicts['local optimum']} local optima, {verdicts['error']} errors "
            "(table `published_result_checks`).",
        ]
    )


def counts(database: duckdb.DuckDBPyConnection) -> str:
    """Return how much a build of the examples publishes and checks."""
    tables, customers, segmentations, checks = database.execute(
        """
        select
            (select count(*) from duckdb_tables()), (select sum(customers) from datasets),
            (select count(*) from segmentation_fits), (select count(*) from data_quality_results)
        """
    ).fetchone()
    return (
        f"The examples publish {tables} tables: {segmentations} segmentations of {customers:,} customers, with "
        f"{checks} quality checks."
    )


def picture(published: Path) -> str:
    """Return a drawing of the segments of one segmentation: names, sizes, what is typical and what to offer."""
    with duckdb.connect(str(published), read_only=True) as database:
        rows = database.execute(
            """
            select persona, colour, segments.customers, headline, campaign, replace(channel, '_', ' ') as channel, offer
            from segments inner join campaign_recommendations using (segmentation, persona)
            where segmentation = ?
            qualify row_number() over (partition by persona order by priority) = 1
            order by segments.customers desc, persona
            """,
            [PICTURED],
        ).fetchall()
    largest, total = max(row[2] for row in rows), sum(row[2] for row in rows)
    shown = [_text(20, 30, f"{total:,} customers in {len(rows)} segments", 17, INK, bold=True)]
    shown += [_text(x, 58, head, 12, MUTED) for x, head in ((20, "Segment"), (440, "Size"), (680, "What to offer"))]
    for place, (row, share) in enumerate(zip(rows, shares(row[2] for row in rows), strict=True)):
        persona, colour, customers, headline, campaign, channel, offer = row
        top = 70 + ROW * place
        shown += [
            f'<rect x="20" y="{top}" width="6" height="{ROW - 14}" rx="3" fill="{colour}"/>',
            _text(38, top + 26, persona, 16, INK, bold=True),
            _text(38, top + 50, headline, 13, MUTED),
            f'<rect x="440" y="{top + 34}" width="{BAR * customers / largest:.0f}" height="16" rx="3" fill="{colour}"/>',
            _text(440, top + 24, f"{customers:,} customers, {share}", 13, INK),
            _text(680, top + 26, f"{campaign} ({channel})", 14, INK, bold=True),
            _text(680, top + 50, offer, 13, MUTED),
        ]
    height = 70 + ROW * len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1080 {height}" font-family="Helvetica, Arial, sans-serif" '
        f'role="img" aria-label="Segments of {PICTURED}: name, size and offer">\n'
        f'<rect width="1080" height="{height}" fill="#ffffff"/>\n' + "\n".join(shown) + "\n</svg>\n"
    )


def _text(x: int, y: int, text: str, size: int, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}"{weight} fill="{colour}">{escape(text)}</text>'


FIGURES = {function.__name__: function for function in (systems, findings, counts)}


if __name__ == "__main__":
    marts = ROOT / "published/marts.duckdb"
    PICTURE.write_text(picture(marts), encoding="utf-8")
    for path in pages():
        before = path.read_text(encoding="utf-8")
        after = refreshed(before, marts)
        if after != before:
            path.write_text(after, encoding="utf-8")
            sys.stdout.write(f"Refreshed {path.relative_to(ROOT)}.\n")
    from helpers import notebook  # brings Jupyter, which only this needs

    if notebook.refresh():
        sys.stdout.write(f"Refreshed {notebook.NOTEBOOK.relative_to(ROOT)}.\n")
