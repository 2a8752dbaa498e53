"""The steps of a page of the documentation, so that a test can follow them to the letter."""

import re
import subprocess
from collections.abc import Iterator

from helpers.dashboard_server import served
from helpers.projects import ROOT

BLOCK = re.compile(r"([^\n]+)\n\n```\w+\n(.*?)```$", re.MULTILINE | re.DOTALL)
STEPS = {
    "new": re.compile(r"^New file `(.+)`:$"),
    "replace": re.compile(r"^Replace `(.+)`:$"),
    "add": re.compile(r"^Add to `(.+)`:$"),
    "edit": re.compile(r"^In `(.+)`, replace:$"),
    "query": re.compile(r"^Query in `(.+)`:$"),
    "run": re.compile(r"^Run(:)$"),
    "look": re.compile(r"^Look at (.+):$"),
    "expect": re.compile(r"^It gives(:)$"),
}


def section(page: str, heading: str) -> str:
    """Return what stands below a heading of a page, up to the next one of its level."""
    below = f"\n{(ROOT / page).read_text(encoding='utf-8')}".split(f"\n{heading}\n", 1)[1]
    return re.split(rf"\n#{{1,{heading.count('#')}}} ", below, maxsplit=1)[0]


def printed(page: str, heading: str) -> list[str]:
    """Return the blocks of a section."""
    return re.findall(r"^```\w*\n(.*?)^```$", section(page, heading), re.MULTILINE | re.DOTALL)


def steps(page: str, heading: str | None = None) -> list[tuple[str, str, str]]:
    """Return the steps of a page, or of one section of it: what to do, with which file, and the block below."""
    text = section(page, heading) if heading else (ROOT / page).read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("\n```") // 2, "a block has no line above it"
    found = []
    for line, content in blocks:
        kinds = [(kind, match[1]) for kind, pattern in STEPS.items() if (match := pattern.match(line))]
        assert kinds, f"{page}: {line!r} does not say what to do with the block below it"
        found.append((*kinds[0], content))
    return found


def typed(project, name: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run a command as a reader types it at the root of the project."""
    if name == "dbt":
        return project.dbt(*arguments)
    assert name == "segmentation"
    return project.segmentation(*arguments)


def follow(page: str, project) -> None:
    """Do what a page says in a project; commands must succeed and tables must look as printed."""
    follow_together([steps(page)], project)


def follow_together(pages: list[list[tuple[str, str, str]]], project) -> None:
    """Do the steps of several pages, side by side in one project: a build that all wait for runs once."""
    readers = [commands_of(page, project) for page in pages]
    waiting = {reader: command for reader in readers if (command := next(reader, None))}
    while waiting:
        # a build comes last, so that it serves every page
        command = min(waiting.values(), key=lambda command: command == "dbt build")
        run = typed(project, *command.split())
        assert run.returncode == 0, run.stdout + run.stderr
        served = [reader for reader, awaited in waiting.items() if awaited == command]
        waiting |= {reader: next(reader, None) for reader in served}
        waiting = {reader: command for reader, command in waiting.items() if command}


def commands_of(page: list[tuple[str, str, str]], project) -> Iterator[str]:
    """Do the steps of a page in a project, and give each command to the caller, who runs it before the next step."""
    answer = []
    for kind, target, content in page:
        path = project.folder / target
        if kind == "run":
            yield from content.strip().splitlines()
        elif kind == "look":
            assert (target, content) == ("http://localhost:8501", "make dashboard\n")
            with served(project.published / "marts.duckdb"):
                pass
        elif kind == "query":
            query = project.query if target == "warehouse.duckdb" else project.published_query
            answer = [["" if cell is None else str(cell) for cell in row] for row in query(content)]
        elif kind == "expect":
            rows = [[cell.strip() for cell in line.split("|")] for line in content.strip("\n").splitlines()[1:]]
            assert answer == rows, "\n".join(" | ".join(row) for row in answer)
        elif kind == "edit":
            old = "".join(line[1:] for line in content.splitlines(keepends=True) if line[0] in "- ")
            new = "".join(line[1:] for line in content.splitlines(keepends=True) if line[0] in "+ ")
            project.edit(target, old, new)
        else:
            assert path.exists() == (kind != "new"), path
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_text(encoding="utf-8") if kind == "add" else ""
            path.write_text(before + content, encoding="utf-8")
