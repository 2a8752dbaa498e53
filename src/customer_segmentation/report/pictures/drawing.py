"""Draw the pictures of a publication into a folder, with an index of what was drawn and what was not."""

import json
from pathlib import Path

from customer_segmentation.publication.outgoing import outgoing
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report.pictures.catalogue import pictures
from customer_segmentation.report.pictures.files import INDEX, remove_outdated, rendered
from customer_segmentation.report.pictures.picture import NotDrawn, Picture
from customer_segmentation.temporary_files import write_whole

# Of these kinds the first picture is also written for readers that cannot show an SVG.
AS_PNG_TOO = ("clusters", "criteria", "crosswalk")
# The first picture of each of these kinds is also written as docs_<kind>.svg, which the documentation of dbt shows,
# whatever the dataset.
DOCUMENTED = (
    "biplot", "box_plots", "clusters", "clusters_3d", "correlations", "criteria", "crosswalk", "elbow", "gap",
    "histograms", "pairs", "profile", "silhouettes", "stability",
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
    wanted = list(pictures(outgoing(publication)))
    drawn = [picture for picture in wanted if isinstance(picture, Picture)]
    not_drawn = [picture for picture in wanted if isinstance(picture, NotDrawn)]
    first: dict[str, str] = {}
    for picture in drawn:
        first.setdefault(_kind(picture), picture.name)
    files = {picture.name: _draw(picture, folder, picture.name == first[_kind(picture)]) for picture in drawn}
    remove_outdated(folder, {name for names in files.values() for name in names})
    write_whole(folder / "index.md", _gallery(drawn, not_drawn).encode())
    write_whole(folder / INDEX, _index(drawn, not_drawn, files).encode())
    why = f"; {len(not_drawn)} could not be drawn; the index says why" if not_drawn else ""
    return f"{len(drawn)} pictures in {folder}{why}. Start with {folder / 'index.md'}."


def _kind(picture) -> str:
    """Return what a picture shows, without whose picture it is."""
    return picture.name.removeprefix(f"{picture.segmentation or picture.dataset}_")


def _draw(picture, folder, is_first) -> list[str]:
    figure = picture.draw()
    written = {f"{picture.name}.svg": rendered(figure, picture.heading, "svg")}
    if is_first and _kind(picture) in DOCUMENTED:
        written[f"docs_{_kind(picture)}.svg"] = written[f"{picture.name}.svg"]
    if is_first and _kind(picture) in AS_PNG_TOO:
        written[f"{picture.name}.png"] = rendered(figure, picture.heading, "png")
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
                "title": picture.heading.title,
                "subtitle": picture.heading.subtitle,
                "source": picture.heading.source,
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
    lines = ["# Pictures of the publication", ""]
    part = None
    for picture in drawn:
        subject = picture.segmentation or picture.dataset
        if subject != part:
            part = subject
            lines += [f"## {'Segmentation' if picture.segmentation else 'Dataset'} `{subject}`", ""]
        lines += [f"### {picture.heading.title}", "", f"![{picture.heading.subtitle}]({picture.name}.svg)", ""]
    if not_drawn:
        lines += ["## Pictures that could not be drawn", "", "| Picture | Why |", "|---|---|"]
        lines += [f"| `{picture.name}` | {picture.reason} |" for picture in not_drawn]
        lines.append("")
    return "\n".join(lines)
