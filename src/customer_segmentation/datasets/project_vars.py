"""The vars of dbt_project.yml that name datasets, changed as text: comments and order stay as they are."""

import re
from functools import lru_cache
from typing import Any

import yaml

from customer_segmentation.datasets.project_blocks import FILE, with_block
from customer_segmentation.errors import NotPossibleError


def listed(text: str, name: str) -> list[str]:
    r"""Return the names that a var lists.

    Parameters
    ----------
    text : str
        What dbt_project.yml holds.
    name : str
        The var.

    Returns
    -------
    list of str
        Empty if the var is not there.

    Examples
    --------
    >>> listed("vars:\n  datasets: [shop, cafe]\n", "datasets")
    ['shop', 'cafe']
    """
    found = var_value(text, name)
    return [str(one) for one in found] if isinstance(found, list) else []


def var_value(text: str, name: str) -> Any:
    r"""Return the value of a var, None if it is not there.

    Parameters
    ----------
    text : str
        What dbt_project.yml holds.
    name : str
        The var.

    Returns
    -------
    object

    Examples
    --------
    >>> var_value("vars:\n  locale: de\n", "locale")
    'de'
    """
    return _read(text).get(name)


def with_listed(text: str, name: str, wanted: list[str], why: str = "") -> str:
    r"""Let a var list other names.

    Parameters
    ----------
    text : str
        What dbt_project.yml holds.
    name : str
        The var: a list on one line, on several lines, or with a dash before each name.
    wanted : list of str
        What it shall list.
    why : str
        Comment for a var that is not there yet and is added first; without one it must be there.

    Returns
    -------
    str

    Raises
    ------
    NotPossibleError
        If the var is written in another way.

    Examples
    --------
    >>> print(with_listed("vars:\n  # all\n  datasets: [shop]  # one\n", "datasets", ["shop", "cafe"]))
    vars:
      # all
      datasets: [shop, cafe]  # one
    <BLANKLINE>
    """
    if listed(text, name) == wanted and (name in _vars(text) or not why):
        return text
    written = f"[{', '.join(wanted)}]"
    name_pattern = re.escape(name)
    on_one_line = re.compile(rf"^([ \t]+{name_pattern}:[ \t]*)\[[^\]]*\]", re.M)
    changed, found = on_one_line.subn(lambda match: match[1] + written, text, count=1)
    if not found:
        on_several = rf"^([ \t]+){name_pattern}:[ \t]*(#[^\n\r]*)?(\r?\n)((?:\1[ \t]*-[^\n\r]*\r?\n?)+)"
        changed, found = re.compile(on_several, re.M).subn(
            lambda match: f"{match[1]}{name}: {written}{'  ' + match[2] if match[2] else ''}{match[3]}", text, count=1
        )
    if not found and why and name not in _vars(text):
        return with_block(text, ["vars"], f"# {why}\n{name}: {written}")
    return _believed(changed, text, name, wanted, "[shop, cafe]")


def with_value(text: str, name: str, value: str, why: str) -> str:
    r"""Let a var have another value.

    Parameters
    ----------
    text : str
        What dbt_project.yml holds.
    name : str
        The var, on one line.
    value : str
        What it shall be.
    why : str
        Comment for a var that is not there yet and is added first.

    Returns
    -------
    str

    Raises
    ------
    NotPossibleError
        If the var is written in another way.

    Examples
    --------
    >>> print(with_value("vars:\n  currency: $  # of all money\n", "currency", "€", "Money"))
    vars:
      currency: €  # of all money
    <BLANKLINE>
    """
    if name not in _vars(text):
        return with_block(text, ["vars"], f"# {why}\n{name}: {value}")
    on_one_line = re.compile(rf"^([ \t]+{re.escape(name)}:[ \t]*)[^\s#]+", re.M)
    changed = on_one_line.sub(lambda match: match[1] + value, text, count=1)
    return _believed(changed, text, name, value, value)


def without_var(text: str, name: str) -> str:
    """Take the line of a var out, if it is there and on one line.

    Parameters
    ----------
    text : str
        What dbt_project.yml holds.
    name : str
        The var.

    Returns
    -------
    str
    """
    changed = re.sub(rf"^[ \t]+{re.escape(name)}:[^\n\r]*(\r?\n|$)", "", text, count=1, flags=re.M)
    before = _vars(text)
    before.pop(name, None)
    return changed if changed != text and _vars(changed) == before else text


def _believed(changed, text, name, value, example) -> str:
    """Return an edit of text if it says what it should, and nothing else."""
    if _vars(changed) != _vars(text) | {name: value}:
        raise NotPossibleError(
            f"{FILE}: the var `{name}` has a layout that this command cannot edit. Expected a line such as "
            f"`{name}: {example}`. Change it, and run the command again."
        )
    return changed


def _vars(text) -> dict:
    try:
        return dict(_read(text))
    except (yaml.YAMLError, AttributeError):
        return {}


@lru_cache(maxsize=8)  # a command asks for many vars of the same text
def _read(text) -> dict:
    """Return the vars of a project; the parser in C, where there is one, takes a tenth of the time."""
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)).get("vars") or {}
