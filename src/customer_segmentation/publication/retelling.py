"""Sentences that published tables hold in English, in the language in use."""

import re
from collections.abc import Iterable
from functools import cache

from customer_segmentation.formatting import NUMBERS
from customer_segmentation.language import ENGLISH, _, localized, used

UNDER = re.compile(r"under ([\d.]+) %")  # as `formatting.percent` writes it


def retold(text: str, templates: Iterable[str] = (), **parts: Iterable[str]) -> str:
    """Say a text of a published table in the language in use.

    Parameters
    ----------
    text : str
        The text, in English.
    templates : iterable of str
        How such texts are made, marked as translatable, with names in braces where values stand.
    **parts
        The same of values that are texts of the table themselves, by name; other values are numbers or names.

    Returns
    -------
    str
        The text itself where none of the templates fits, and in English.

    Examples
    --------
    >>> retold("in the future: after 2024-01-31", ["in the future: after {day}"])
    'in the future: after 2024-01-31'
    """
    if used().code == ENGLISH:
        return text
    for template in templates:
        if found := _pattern(template).fullmatch(text):
            values = {
                name: retold(value, parts[name]) if name in parts else _value(value)
                for name, value in found.groupdict().items()
            }
            return _(template, **values)
    return _(text)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return a pattern of the texts that are made of a template."""
    parts = re.split(r"\{(\w+)\}", template)
    names: set[str] = set()
    written = ""
    for place, part in enumerate(parts):
        if place % 2 == 0:
            written += re.escape(part)
        else:
            written += f"(?P={part})" if part in names else f"(?P<{part}>.+?)"
            names.add(part)
    return re.compile(written, re.DOTALL)


def _value(value: str) -> str:
    """Write the value of a template with the signs of the locale: a number in digits or words, or a text as it is."""
    if value in NUMBERS or value == "almost 100 %":
        return _(value)
    if found := UNDER.fullmatch(value):
        return _("under {share} %", share=localized(found[1]))
    return re.sub(r"(?<![\w.,-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?!\d)", lambda found: localized(found[0]), value)
