"""Write one folder that any static host can serve: a landing page, report, slides, pictures, documentation and tables.

Pictures, report and slides are made before, and `dbt docs generate --static` has run. Every link is relative, and
nothing is asked of another host. Tables that name single customers stay out of it, what is said of few is left out,
and so are folders of the machine.
"""

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import number
from customer_segmentation.language import _, day_text, ngettext, translatable
from customer_segmentation.publication.database import quoted
from customer_segmentation.publication.outgoing import outgoing
from customer_segmentation.publication.protection import disclosure_sentences
from customer_segmentation.publication.retelling import figures_retold, retold
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import findings, page
from customer_segmentation.report.documentation import UnknownPageError, readable, without_places
from customer_segmentation.report.page import anchor
from customer_segmentation.temporary_files import temporary_name

DOCUMENTATION = Path("target")  # where dbt writes it
PICTURES = "published/pictures"  # the documentation asks for them there
MORE_PICTURES = "docs/pictures"
LARGEST_TABLE = 5_000_000  # bytes
MARK = (
    b'<meta name="generator" content="customer_segmentation.report.site">'  # tells a site of ours from any other folder
)

SENTENCE_END = re.compile(r"(?<!\b[A-Z])\.\s+(?=[A-Z`{])")  # no initial of a name
# published_tables.description, its first sentence, of the customers of a dataset that `init` adds
OF_DATASETS = (
    translatable(
        "One row per customer of {dataset} with everything a segmentation of this dataset can use, in original units"
    ),
)


@dataclass(frozen=True)
class Part:
    """Something that the landing page leads to; its texts are looked up there."""

    file: str
    title: str
    text: str


PARTS = (
    Part(
        "report.html",
        translatable("Report"),
        translatable("Findings, confidence and evidence, with interactive charts."),
    ),
    Part(
        "slides.pptx",
        translatable("Slides"),
        translatable("The same for a meeting: findings, personas, campaigns and caveats."),
    ),
    Part(
        "documentation.html",
        translatable("Documentation"),
        translatable("Every table and column, with lineage and tests."),
    ),
)


def write(publication: Publication, folder: Path, documentation: Path = DOCUMENTATION) -> str:
    """Write the site into a folder of its own, replacing the one that was there.

    Parameters
    ----------
    publication : Publication
        The open publication; report, slides, pictures and Parquet files are taken from its folder.
    folder : Path
        The site. A folder that holds anything but an earlier site is left alone.
    documentation : Path
        Where dbt wrote its documentation.

    Returns
    -------
    str
        What was written, in words.

    Raises
    ------
    OSError
        If the folder cannot be written or is not a site. What was there before is unchanged.
    NotPossibleError
        If the published files are not of one publication.
    """
    if publication.disagreement:
        raise NotPossibleError(publication.disagreement)
    publication = outgoing(publication)
    if folder.exists() and not _is_ours(folder):
        raise FileExistsError("it exists and is not a site that this command wrote")
    fresh, earlier = temporary_name(folder), temporary_name(folder.with_name(f"{folder.name}.earlier"))
    try:
        fresh.mkdir(parents=True)
        left_out = _copy(publication.folder, documentation, fresh)
        tables = _tables(publication, fresh)
        (fresh / "index.html").write_bytes(_landing_page(publication, fresh, tables))
        if folder.exists():
            os.replace(folder, earlier)
        os.replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(earlier, ignore_errors=True)
    files = [file for file in folder.rglob("*") if file.is_file()]
    return f"{folder}: {len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB{left_out}"


def _is_ours(folder) -> bool:
    landing_page = folder / "index.html"
    return landing_page.is_file() and MARK in landing_page.read_bytes()


def _copy(published, documentation, folder) -> str:
    """Copy what was made before; return what had to be left out, in words."""
    sources = {
        "report.html": published / "report.html",
        "slides.pptx": published / "slides.pptx",
        "documentation.html": documentation / "static_index.html",
        PICTURES: published / "pictures",
        MORE_PICTURES: documentation / MORE_PICTURES,
    }
    for name, source in sources.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.is_file():
            shutil.copy(source, target)
    page_of_dbt = folder / "documentation.html"
    if page_of_dbt.is_file():
        try:
            page = readable(without_places(page_of_dbt.read_text(encoding="utf-8")))
            page_of_dbt.write_text(page, encoding="utf-8")
        except UnknownPageError as error:
            page_of_dbt.unlink()
            return f". Without the documentation, which is not the page of dbt that is known: {error}."
    return ""


def _tables(publication, folder) -> list[dict]:
    """Write the tables that anybody may have, and describe them."""
    offered = publication.offered()
    (folder / "tables").mkdir()
    found = []
    tables = publication.frame("select table_name, description, row_count from published_tables order by table_name")
    for table in tables.itertuples():
        name = table.table_name
        if name not in offered:
            continue
        csv = folder / "tables" / f"{name}.csv"
        publication.frame(
            f"copy (select * from {quoted(name)} order by all) to ? (format csv, header true)", [str(csv)]
        )
        if csv.stat().st_size > LARGEST_TABLE:
            csv.unlink()
            continue
        parquet = csv.with_suffix(".parquet")
        publication.frame(
            f"copy (select * from {quoted(name)} order by all) to ? (format parquet, compression snappy)",
            [str(parquet)],
        )
        found.append(
            {
                "name": name,
                "text": retold(summary(table.description), OF_DATASETS),
                "rows": number(table.row_count),
                "csv": f"tables/{csv.name}",
                "size": f"{number(max(1, round(csv.stat().st_size / 1000)))} kB",
                "parquet": f"tables/{parquet.name}",
            }
        )
    return found


def summary(description: str) -> str:
    """Return the first sentence of the description of a table.

    Examples
    --------
    >>> summary("One row per segment: its `persona`. Key `segment_key`.")
    'One row per segment: its persona'
    """
    first, *__ = SENTENCE_END.split(description.strip())
    return first.replace("`", "").rstrip(".")


def _landing_page(publication, folder, tables) -> bytes:
    fits = publication.fits().to_dict("records")
    segments = pd.concat([publication.segments(fit["segmentation"]) for fit in fits])
    datasets = publication.frame(
        "select dataset, is_synthetic, input_rows, rejected_rows, customers, as_of_date from datasets order by dataset"
    )
    pictures = _pictures(publication, folder)
    return page.render(
        "site.html.jinja",
        title=_("Customer segments"),
        lead=f"{findings.overall_title(segments, len(fits))}. "
        f"{findings.quality_sentence(publication.table('data_quality_results'))}",
        subtitle=_("Computed from the tables published on {day}.", day=publication.published_at()),
        parts=[part for part in PARTS if (folder / part.file).is_file()],
        datasets=[_dataset(publication, row) for row in datasets.itertuples()],
        segmentations=[_segmentation(publication, fit, pictures) for fit in fits],
        pictures=pictures,
        counted_pictures=_counted_pictures,
        tables=tables,
        typical=_(formatting.TYPICAL),
        protection=disclosure_sentences(publication, list(datasets["dataset"])),
    )


def _dataset(publication, row) -> dict:
    return {
        "name": publication.dataset_name(row.dataset),
        "badge": page.badge(bool(row.is_synthetic)),
        "customers": number(row.customers),
        "day": _("without dates") if formatting.is_missing(row.as_of_date) else day_text(row.as_of_date, is_short=True),
        "rows": findings.rejected_sentence(row._asdict(), publication.rejections(row.dataset)),
    }


def _segmentation(publication, fit, pictures) -> dict:
    name = fit["segmentation"]
    tables = publication.of(name)
    shown = f"{name}_clusters"
    return {
        "anchor": anchor("segmentation", name),
        "title": fit["segmentation_name"],
        "badge": page.badge(bool(fit["is_synthetic"])),
        "is_default": bool(fit["is_default"]),
        "headline": findings.separation_title(fit),
        "sentences": [
            sentence
            for sentence in (
                findings.segmentation_sentence(fit, is_synthetic=fit["is_synthetic"]),
                formatting.fallback_sentence(fit),
                findings.key_finding(tables["segments"], tables["profiles"]),
                findings.stability_sentence(tables["segments"]),
            )
            if sentence
        ],
        "segments": [
            {
                "persona": row.persona,
                "colour": row.colour,
                "percent": f"{100 * row.share_of_customers:.4f}",
                "size": f"{formatting.customers(row.customers, is_synthetic=False)}, {row.share}",
                "headline": figures_retold(row.headline),
                "grade": "" if formatting.is_missing(row.stability_grade) else _(row.stability_grade),
                "contradicted": ""
                if formatting.is_missing(row.contradicted_traits)
                else findings.contradictions(row.contradicted_traits),
            }
            for row in tables["segments"].itertuples()
        ],
        "picture": next((picture for picture in pictures if Path(picture["file"]).stem == shown), None),
    }


def _counted_pictures(subject: str, pictures: int) -> str:
    return ngettext(
        "{subject}: {count} picture", "{subject}: {count} pictures", pictures, subject=subject, count=number(pictures)
    )


def _subject(publication, picture) -> str:
    if picture["segmentation"]:
        return publication.segmentation_name(picture["segmentation"])
    return publication.dataset_name(picture["dataset"])


def _pictures(publication, folder) -> list[dict]:
    """List the pictures in their order, as they were drawn last."""
    index = folder / PICTURES / "index.json"
    if not index.is_file():
        return []
    found = []
    for picture in json.loads(index.read_text(encoding="utf-8"))["pictures"]:
        file = next((file for file in picture.get("files", []) if (index.parent / file).is_file()), None)
        if file:
            found.append(
                {
                    "file": f"{PICTURES}/{file}",
                    "of": _subject(publication, picture),
                    "title": picture["title"],
                    "subtitle": picture["subtitle"],
                }
            )
    return found
