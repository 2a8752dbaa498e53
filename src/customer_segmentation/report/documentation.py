"""The documentation that dbt writes, without what it tells about the machine and the files it was made from."""

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

ARTEFACT = re.compile(r'\{"metadata": ?\{"dbt_schema_version"')  # where dbt puts its manifest and its catalogue
# Compiled SQL holds the places of inputs, and what was found in them; the SQL as it was written stays.
LEFT_OUT = ("compiled_code", "compiled_path", "build_path", "root_path", "env", "user_id", "invocation_id")

VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')
# The page of dbt has grey on grey, forbids to zoom, scrolls parts that no key reaches, and has a button without a name.
READABLE = """\
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
  .switch-label:not(.active), .menu .filename-normal, .menu .filename-ellip { color: #57626b !important; }
  th, dt, h1 small { color: #57626b !important; }
  .btn-primary { background: #00707a !important; }
  a:not(.btn, .menu a) { color: #00707a !important; }
  .field .field-label { color: #7fe3f2 !important; }
</style>
<script>
  new MutationObserver(() => {
    for (const part of document.querySelectorAll('.app-scroll, .detail-body')) part.tabIndex = 0;
    for (const button of document.querySelectorAll('[ng-click="closeGraph()"]'))
      button.setAttribute('aria-label', 'Close the lineage');
  }).observe(document, {childList: true, subtree: true});
</script>"""


class UnknownPageError(Exception):
    """Say that a page is not built as expected, so that nothing can be left out of it."""


def without_places(page: str) -> str:
    """Return the page of dbt without folders of the machine, places of inputs and compiled SQL.

    Parameters
    ----------
    page : str
        The one page that `dbt docs generate --static` writes.

    Returns
    -------
    str
        The page; a file of an input is told by its name.

    Raises
    ------
    UnknownPageError
        If manifest and catalogue are not where they are known to be.
    """
    decoder = json.JSONDecoder()
    parts, end = [], 0
    for match in ARTEFACT.finditer(page):
        if match.start() < end:
            continue
        try:
            artefact, after = decoder.raw_decode(page, match.start())
        except json.JSONDecodeError as error:
            raise UnknownPageError(f"what begins at character {match.start():,} is no JSON: {error.msg}") from None
        folders = sorted(set(_folders(artefact)), key=len, reverse=True)
        parts += [page[end : match.start()], json.dumps(_cleaned(artefact, folders))]
        end = after
    if len(parts) < 4:
        raise UnknownPageError("manifest and catalogue of dbt are not found in it")
    return "".join([*parts, page[end:]])


def readable(page: str) -> str:
    """Return the page of dbt with text that can be read, enlarged, and reached by the keyboard.

    Parameters
    ----------
    page : str
        The one page that `dbt docs generate --static` writes.

    Returns
    -------
    str

    Raises
    ------
    UnknownPageError
        If the page has no viewport to replace.
    """
    changed, found = VIEWPORT.subn(lambda _match: READABLE, page, count=1)
    if not found:
        raise UnknownPageError("the viewport of dbt is not found in it")
    return changed


def _folders(value: Any, key: str = "") -> Iterator[str]:
    """Find the folders of the machine that a manifest names: that of the project, and those of inputs."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _folders(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _folders(part, key)
    elif isinstance(value, str) and key == "root_path" and len(value) > 1:
        yield value
    elif isinstance(value, str) and key == "external_location" and _name(value) != value:
        yield value.removesuffix(_name(value)).rstrip("/\\")


def _cleaned(value: Any, folders: list[str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {
            name: ({} if isinstance(part, dict) else None) if name in LEFT_OUT else _cleaned(part, folders, name)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [_cleaned(part, folders, key) for part in value]
    if not isinstance(value, str):
        return value
    if key == "external_location":
        return _name(value)
    for folder in filter(None, folders):
        value = re.sub(rf"{re.escape(folder)}[/\\]?", "", value)
    return value


def _name(place: str) -> str:
    """Return the last part of a path of any system."""
    return PureWindowsPath(PurePosixPath(place).name).name or place
