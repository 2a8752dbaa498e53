"""Draw the pictures of a publication into a folder, with an index of what was drawn and what was not."""

import json
from pathlib import Path

from customer_segmentation.language import _
from customer_segmentation.publication.outgoing import outgoing
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report.figures.catalogue import every_figure
from customer_segmentation.report.figures.figure import Figure, NotDrawn
from customer_segmentation.report.pictures.frame import INDEX, Heading, png, remove_outdated, rendered
from customer_segmentation.temporary_files import write_whole

# Of these kinds the first picture is also written for readers that cannot show an SVG.
AS_PNG_TOO = ("clusters", "criteria", "crosswalk")
# The first picture of each of these kinds is also written as docs_<kind>.svg, which the documentation of dbt shows,
# whatever the dataset.
DOCUMENTED = (
    "biplot", "box_plots", "clusters", "clusters_3d", "correlations", "criteria", "crosswalk", "elbow", "gap",
    "histograms", "pairs", "profile", "silhouettes", "stability",
)  # fmt: skip

# The tables that every publication of this version has.
READ = (
    "category_counts", "category_effects", "category_profiles", "cluster_centroids", "customer_components",
    "customer_segments", "customer_silhouettes", "feature_correlations", "feature_histograms", "feature_relationships",
    "feature_summary", "grades", "k_recommendation", "k_selection", "principal_components", "segment_crosswalk",
    "segment_distributions", "segment_profiles", "segment_stability", "segmentation_agreement",
)  # fmt: skip


def draw_all(publication: Publication, folder: Path) -> str:
    """Draw every picture of a publication, and write the index.

    Parameters
    ----------
    publication : Publication
        The publication.
    folder : Path
        Where to write; created if it does not exist.

    Returns
    -------
    str
        How many pictures were drawn, how many could not be, and where to look.

    Raises
    ------
    OSError
        If the folder cannot be written. Every picture in it is whole then: the old one, or already the new.
    NotPossibleError
        If the publication lacks a table.
    """
    for table in READ:  # figures take a table that is not there for an empty one
        publication.frame(f"select 1 from {table} limit 0")
    wanted = list(every_figure(outgoing(publication)))
    drawn = [figure for figure in wanted if isinstance(figure, Figure)]
    not_drawn = [figure for figure in wanted if isinstance(figure, NotDrawn)]
    first: dict[str, str] = {}
    for figure in drawn:
        first.setdefault(figure.kind, figure.name)
    files = {figure.name: _draw(figure, folder, figure.name == first[figure.kind]) for figure in drawn}
    remove_outdated(folder, {name for names in files.values() for name in names})
    write_whole(folder / "index.md", _gallery(drawn, not_drawn).encode())
    write_whole(folder / INDEX, _index(drawn, not_drawn, files).encode())
    why = f"; {len(not_drawn)} could not be drawn; the index says why" if not_drawn else ""
    return f"{len(drawn)} pictures in {folder}{why}. Start with {folder / 'index.md'}."


def _draw(figure: Figure, folder: Path, is_first: bool) -> list[str]:
    svg = rendered(figure.picture(), Heading(figure.title, figure.subtitle, figure.source))
    written = {f"{figure.name}.svg": svg.encode()}
    if is_first and figure.kind in DOCUMENTED:
        written[f"docs_{figure.kind}.svg"] = svg.encode()
    if is_first and figure.kind in AS_PNG_TOO:
        written[f"{figure.name}.png"] = png(svg)
    for name, content in written.items():
        write_whole(folder / name, content)
    return list(written)


def _index(drawn, not_drawn, files) -> str:
    content = {
        "pictures": [
            {
                "files": files[picture.name],
                "dataset": picture.dataset,
                "segmentation": picture.segmentation,
                "title": picture.title,
                "subtitle": picture.subtitle,
                "source": picture.source,
            }
            for picture in drawn
        ],
        "not_drawn": [
            {
                "picture": picture.name,
                "dataset": picture.dataset,
                "segmentation": picture.segmentation,
                "reason": picture.reason,
            }
            for picture in not_drawn
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _gallery(drawn, not_drawn) -> str:
    lines = [f"# {_('Pictures of the publication')}", ""]
    part = None
    for picture in drawn:
        subject = picture.segmentation or picture.dataset
        if subject != part:
            part = subject
            kind = _("Segmentation") if picture.segmentation else _("Dataset")
            lines += [f"## {kind} `{subject}`", ""]
        lines += [f"### {picture.title}", "", f"![{picture.subtitle}]({picture.name}.svg)", ""]
    if not_drawn:
        head = f"| {_('Picture')} | {_('Why')} |"
        lines += [f"## {_('Pictures that could not be drawn')}", "", head, "|---|---|"]
        lines += [f"| `{picture.name}` | {picture.reason} |" for picture in not_drawn]
        lines.append("")
    return "\n".join(lines)
