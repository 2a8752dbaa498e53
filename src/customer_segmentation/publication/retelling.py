"""Sentences that published tables hold in English, in the language in use."""

import re
from collections.abc import Container, Iterable
from functools import cache

from customer_segmentation.formatting import NUMBERS
from customer_segmentation.language import ENGLISH, MINUS, _, localized, translatable, used, words_isolated
from customer_segmentation.units import with_sign

UNDER = re.compile(r"under ([\d.]+) %")  # as `formatting.percent` writes it
# a figure as `formatting.figure` and `units.with_sign` write it, the unit behind it left out
FIGURE = rf"([-{MINUS}]?)([A-Z]{{0,2}}[$\u00a2-\u00a5\u20a0-\u20cf])?(\d+(?:,\d{{3}})*(?:\.\d+)?)([kM]?)(?![\w.]*\d)"
# as `evidence.rules` writes the limits of a rule
LIMITS = re.compile(rf"\b(?:over (?P<lowest>{FIGURE})(?: up to (?P<range_end>{FIGURE}))?|up to (?P<highest>{FIGURE}))")
# and what it says without any
NO_LIMITS = (translatable("no short rule describes this segment"), translatable("everyone"))


def retold(text: str, templates: Iterable[str] = (), *, verbatim: Container[str] = (), **parts: Iterable[str]) -> str:
    """Say a text of a published table in the language in use.

    Parameters
    ----------
    text : str
        The text, in English.
    templates : iterable of str
        How such texts are made, marked as translatable, with names in braces where values stand.
    verbatim : collection of str
        Names of values that stand as they came, such as those of the user's files: not even their signs change.
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
        return words_isolated(text)
    for template in templates:
        if found := _pattern(template).fullmatch(text):
            values = {
                name: value
                if name in verbatim
                else retold(value, parts[name], verbatim=verbatim)
                if name in parts
                else _value(value)
                for name, value in found.groupdict().items()
            }
            return _(template, **values)
    return words_isolated(_(text))


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
    if (amount := re.fullmatch(FIGURE, value)) and (amount[2] or not amount[4]):  # "5k" may be a name
        return _figure(value)
    if (headline := figures_retold(value)) != value:
        return headline
    return re.sub(r"(?<![\w.,-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?!\d)", lambda found: localized(found[0]), value)


def figures_retold(text: str) -> str:
    """Write the figures that a published text has in brackets, as headlines do, with the signs of the locale in use.

    A headline without figures is a text of the vocabulary.

    Examples
    --------
    >>> figures_retold("High income (€79k), high spending (83 points)")
    'High income (€79k), high spending (83 points)'
    """
    if used().code == ENGLISH:
        return words_isolated(text)
    return re.sub(rf"(?<=\(){FIGURE}(?=[ )])", lambda found: _figure(found[0]), words_isolated(_(text)))


def rule_retold(rule: str) -> str:
    """Say a rule of the table `segment_rules` in the language in use; labels and units are words of the user.

    Examples
    --------
    >>> rule_retold("annual income over €39k up to €70k and age up to 40 years")
    'annual income over €39k up to €70k and age up to 40 years'
    """
    if used().code == ENGLISH:
        return words_isolated(rule)
    first, *others = [words_isolated(_conditions(part)) for part in rule.split("; or ")]
    for other in others:
        first = _("{rules}; or {rule}", rules=first, rule=other)
    return first


def _conditions(text) -> str:
    limits = list(LIMITS.finditer(text))
    if text in NO_LIMITS:
        return _(text)
    # only two are joined by a word, which may also stand in a label
    before, joined, after = text[limits[0].end() :].partition(" and ")
    if len(limits) == 2 and joined:
        return _("{others} and {last}", others=_limits(f"{text[: limits[0].end()]}{before}"), last=_limits(after))
    return _limits(text)


def _limits(text) -> str:
    return LIMITS.sub(_limit, text)


def _limit(found) -> str:
    lowest, range_end, highest = (found[name] and _figure(found[name]) for name in ("lowest", "range_end", "highest"))
    if highest:
        return _("up to {highest}", highest=highest)
    if range_end:
        return _("over {lowest} up to {highest}", lowest=lowest, highest=range_end)
    return _("over {lowest}", lowest=lowest)


def _figure(text) -> str:
    found = re.fullmatch(FIGURE, text)
    assert found is not None
    minus, sign, number, power = found.groups()
    number = localized(number)
    if power:
        number = _("{number}M", number=number) if power == "M" else _("{number}k", number=number)
    return with_sign(f"{minus}{number}", sign) if sign else f"{minus}{number}"
