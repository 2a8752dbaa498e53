"""Blocks of dbt_project.yml, added as text: comments, order and every other line stay as they are."""

import re
import textwrap
from collections.abc import Sequence

import yaml

from customer_segmentation.errors import NotPossibleError

FILE = "dbt_project.yml"


def with_block(text: str, keys: Sequence[str], block: str) -> str:
    r"""Add a block of YAML below keys, those that are missing included.

    Parameters
    ----------
    text : str
        What dbt_project.yml holds.
    keys : sequence of str
        Where the block belongs, from the outermost key on.
    block : str
        The lines of a mapping, not indented. Keys of it must not be there yet.

    Returns
    -------
    str

    Raises
    ------
    NotPossibleError
        If the file is written in a way that this does not know.

    Examples
    --------
    >>> print(with_block("seeds:\n  shop:\n    +schema: raw\n", ["seeds", "shop"], "judgement: {+schema: seeds}"))
    seeds:
      shop:
        judgement: {+schema: seeds}
        +schema: raw
    <BLANKLINE>
    >>> print(with_block("name: shop\n", ["vars"], "datasets: [crm]"))
    name: shop
    <BLANKLINE>
    vars:
      datasets: [crm]
    <BLANKLINE>
    """
    wanted = yaml.safe_load(text)
    place = wanted
    for key in keys:
        place[key] = place = place.get(key) or {}
    added = yaml.safe_load(block)
    taken = place.keys() & added.keys()
    place.update(added)
    changed = _inserted(text, keys, block)
    # an edit of text is believed only if it says what it should, and nothing else
    if taken or _loaded(changed) != wanted:
        missing = "".join(f"{'  ' * depth}{key}:\n" for depth, key in enumerate(keys))
        raise NotPossibleError(
            f"{FILE} is written in a way that this command cannot add to. Add these lines yourself, and run the "
            f"command again:\n{missing}{textwrap.indent(block, '  ' * len(keys))}"
        )
    return changed


def _inserted(text, keys, block) -> str:
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    start, end, indent, depth = 0, len(text), "", 0
    for key in keys:
        found = re.compile(rf"^{indent}{re.escape(key)}:[ \t]*(#[^\n\r]*)?(\r?\n|\Z)", re.M).search(text, start, end)
        if not found:
            break
        start, depth = found.end(), depth + 1
        inner = re.compile(r"(?:[ \t]*(?:#[^\n\r]*)?\r?\n)*([ \t]*)", re.M).match(text, start)
        after = re.compile(rf"^{indent}(?![ \t#\r\n])", re.M).search(text, start)
        end = after.start() if after else len(text)
        indent = inner[1] if inner and len(inner[1]) > len(indent) else indent + "  "
    lines = [f"{'  ' * level}{key}:" for level, key in enumerate(keys[depth:])]
    lines += textwrap.indent(block.strip("\n"), "  " * len(lines)).splitlines()
    inserted = textwrap.indent("\n".join(lines), indent).replace("\n", end_of_line) + end_of_line
    if depth == 0:
        ended = text if text.endswith("\n") else text + end_of_line
        return f"{ended}{end_of_line}{inserted}"
    before = text[:start] if text[:start].endswith("\n") else text[:start] + end_of_line
    return before + inserted + text[start:]


def _loaded(text) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None
