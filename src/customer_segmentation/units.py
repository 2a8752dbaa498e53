"""How units stand beside figures: a currency sign before them, everything else behind."""

import re
import unicodedata
from typing import TypeGuard

from customer_segmentation.language import MINUS, _

THOUSANDS = "k"  # before a currency sign
# Of the first word of a unit, in this order. An ending that does not decide ("movies" but "categories", "lenses" but
# "licenses") is changed only in the words named here, so that nothing is guessed.
SINGULARS = (
    (
        "((?:[A-Za-z]*(?:it|ar|tr|[ain]c|og|ph|ur|uir)|categor|histor|stor|territor|deliver|quer|batter|galler|grocer"
        "|compan|famil|repl|suppl|stud|part|propert|count|hobb|cop|penn|berr))ies",
        r"\2y",
    ),
    ("([A-Za-z]*(?:ss|sh|tch|rch|each|eech|oach|inch|unch|ranch|[A-Za-z][aeiou]x))es", r"\2"),
    (
        "((?:purchas|releas|cas|phas|databas|cours|hous|warehous|licens|respons|expens|dos|premis|franchis|exercis"
        "|enterpris|promis|siz|priz|sho|glov|sleev|wav|driv|archiv)e)s",
        r"\2",
    ),
    ("([A-Za-z]*[a-gj-nprtuwy]e)s", r"\2"),
    ("([A-Za-z]+[abcdfghklmnoprtwy])s", r"\2"),
)
SINGULAR_ALREADY = "lens|gas|bias|alias|atlas|canvas|chaos|sms|news|goods|means"  # or with no singular


def is_money(unit: str | None) -> TypeGuard[str]:
    """Say whether a unit is a currency sign, or thousands of it; a code such as CHF is written like any unit.

    Examples
    --------
    >>> is_money("k$"), is_money("€"), is_money("US$"), is_money("kCHF"), is_money("points"), is_money(None)
    (True, True, True, False, False, False)
    """
    sign = (unit or "").removeprefix(THOUSANDS)
    letters = sign[:-1]
    return (
        sign != ""
        and unicodedata.category(sign[-1]) == "Sc"
        and len(letters) <= 2
        and all("A" <= letter <= "Z" for letter in letters)
    )


def unit_name(unit: str | None) -> str:
    """Name a unit where it stands alone, on an axis or in a question.

    Examples
    --------
    >>> unit_name("k$"), unit_name("$"), unit_name("years"), unit_name(None)
    ('thousand $', '$', 'years', '')
    """
    return _("thousand {sign}", sign=unit[1:]) if is_money(unit) and unit.startswith(THOUSANDS) else unit or ""


def with_unit(number: str, unit: str | None) -> str:
    """Write a unit beside a number that is written already.

    Examples
    --------
    >>> with_unit("70", "k$"), with_unit("-1,234.5", "$"), with_unit("33", "years"), with_unit("0.3", None)
    ('$70k', '-$1,234.5', '33 years', '0.3')
    >>> with_unit("1", "purchases a year"), with_unit("1", "categories"), with_unit("1", "of purchase value")
    ('1 purchase a year', '1 category', '1 of purchase value')
    """
    if not is_money(unit):
        return singular_after_one(f"{number} {unit}") if unit else number
    if unit.startswith(THOUSANDS):
        return with_sign(_("{number}k", number=number), unit.removeprefix(THOUSANDS))
    return with_sign(number, unit)


def with_sign(number: str, sign: str) -> str:
    """Write the sign of a currency beside a number that is written already: where the language in use has it.

    Examples
    --------
    >>> with_sign("70", "$"), with_sign("-1,234.5", "€")
    ('$70', '-€1,234.5')
    """
    minus = number[:1] if number.startswith(("-", MINUS)) else ""
    return _("{minus}{sign}{amount}", minus=minus, sign=sign, amount=number.removeprefix(minus))


def singular_after_one(text: str) -> str:
    """Write the unit in a text in the singular after exactly 1, as the macro `singular_after_one` does in SQL.

    Examples
    --------
    >>> singular_after_one("1 purchases a year"), singular_after_one("up to 1 boxes"), singular_after_one("21 days")
    ('1 purchase a year', 'up to 1 box', '21 days')

    What the spelling does not decide stays as it is.

    >>> singular_after_one("1 categories"), singular_after_one("1 movies"), singular_after_one("1 series")
    ('1 category', '1 movies', '1 series')
    """
    if re.search(rf"(^| )1 ({SINGULAR_ALREADY})($|[^A-Za-z])", text):
        return text
    for ending, singular in SINGULARS:
        text = re.sub(rf"(^| )1 {ending}\b", rf"\g<1>1 {singular}", text, count=1)
    return text
