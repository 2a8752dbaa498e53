"""Draw the pictures of a publication into a folder, with an index of what was drawn and what was not."""

import json
from pathlib import Path

from segmentation_report.marts import Marts
from segmentation_report.pictures.catalogue import pictures
from segmentation_report.pictures.files import INDEX, prepare, remove_outdated, rendered, write
from segmentation_report.pictures.picture import NotDrawn, Picture

# The README shows these; whoever reads it elsewhere may not be able to show an SVG.
AS_PNG_TOO = ("mall_income_spending_clusters", "mall_income_spending_criteria", "mall_crosswalk")


def draw_all(marts: Marts, folder: str | Path) -> tuple[int, int]:
    """Draw every picture of a publication, and write the index.

    Parameters
    ----------
    marts : Marts
        The publication.
    folder : str or Path
        Where to write; created if it does not exist.

    Returns
    -------
    tuple of int
        How many pictures were drawn, and how many could not be.

    Raises
    ------
    FolderError
        If the folder cannot be written.
    NothingPublishedError
        If the publication lacks a table.
    """
    folder = prepare(folder)
    wanted = list(pictures(marts))
    drawn = [picture for picture in wanted if isinstance(picture, Picture)]
    not_drawn = [picture for picture in wanted if isinstance(picture, NotDrawn)]
    files = {picture.name: _draw(picture, folder) for picture in drawn}
    remove_outdated(folder, {name for names in files.values() for name in names})
    write(
        folder,
        {
            "index.md": _gallery(drawn, not_drawn).encode(),
            INDEX: _index(drawn, not_drawn, files).encode(),
        },
    )
    return len(drawn), len(not_drawn)


def _draw(picture, folder) -> list[str]:
    kinds = ("svg", "png") if picture.name in AS_PNG_TOO else ("svg",)
    figure = picture.draw()
    contents = {f"{picture.name}.{kind}": rendered(figure, picture.heading, kind) for kind in kinds}
    write(folder, contents)
    return list(contents)


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
    lines = ["# Pictures of what was published", ""]
    part = None
    for picture in drawn:
        subject = picture.segmentation or picture.dataset
        if subject != part:
            part = subject
            lines += [f"## {'Segmentation' if picture.segmentation else 'Dataset'} `{subject}`", ""]
        lines += [f"### {picture.heading.title}", "", f"![{picture.heading.subtitle}]({picture.name}.svg)", ""]
    if not_drawn:
        lines += ["## What could not be drawn", "", "| Picture | Why |", "|---|---|"]
        lines += [f"| `{picture.name}` | {picture.reason} |" for picture in not_drawn]
        lines.append("")
    return "\n".join(lines)
