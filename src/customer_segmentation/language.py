"""The language of pages, slides and pictures, and how it writes numbers and days: both follow from one locale.

Texts stand in the code in English and are looked up where they are used. Another language is a catalogue of gettext in
`languages`, which a test holds against the texts in the code. The published tables stay in English in any locale.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from customer_segmentation.errors import NotPossibleError

ENGLISH = "en"
CATALOGUES = "languages"  # the folder of the package
CONTEXT_END = "\x04"  # between a context and its text, as in the files of gettext
# of Unicode: a text between these two is laid out by itself, in the direction of its first letter
MINUS = "\N{MINUS SIGN}"
ISOLATE, ISOLATE_END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
# the blocks of the scripts that run from right to left, among them Hebrew and Arabic
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")


@dataclass(frozen=True)
class Language:
    """A locale that can be used.

    Attributes
    ----------
    locale : str
        Its name, such as "en" or "de_CH".
    decimal, group : str
        The signs in numbers: before decimals and between thousands.
    texts : mapping of str to str, or to tuple of str
        Translations by the English text, or by a context and the text; of a text with a plural, the forms.
    form : callable
        Says which of these forms a number takes.
    """

    locale: str = ENGLISH
    decimal: str = "."
    group: str = ","
    texts: dict[str, str | tuple[str, ...]] = field(default_factory=dict, repr=False)
    form: Callable[[int], int] = field(default=lambda number: int(number != 1), repr=False)

    @property
    def code(self) -> str:
        """The language alone, such as "de"."""
        return self.locale.split("_")[0]

    def said(self, text: str, context: str = "") -> str:
        """Return a text without values in this language, also while another one is in use."""
        found = self.texts.get(_in_context(context, text), text)
        assert isinstance(found, str)
        return found


_used = Language()


def languages() -> list[str]:
    """Return the codes of the languages in which pages can be written, English first."""
    catalogues = (file.name for file in files(__package__).joinpath(CATALOGUES).iterdir())
    return [ENGLISH, *sorted(name.removesuffix(".po") for name in catalogues if name.endswith(".po"))]


def use_locale(name: str) -> None:
    """Write all texts of this process in the language of a locale from now on.

    Parameters
    ----------
    name : str
        Such as "en", "de" or "de_CH": a language, and where it is spoken if numbers are written differently there.

    Raises
    ------
    NotPossibleError
        If there is no such locale, or no catalogue of its language.
    """
    global _used
    _used = language_of(name)


def used() -> Language:
    """Return the language in use."""
    return _used


@cache
def language_of(name: str) -> Language:
    """Return the language of a locale, with its texts and signs.

    Parameters
    ----------
    name : str
        Such as "en", "de" or "de_CH".

    Returns
    -------
    Language

    Raises
    ------
    NotPossibleError
        If there is no such locale, or no catalogue of its language.
    """
    if name == ENGLISH:
        return Language()
    # libraries that English does without, so that a command which answers at once still does
    from babel import Locale, UnknownLocaleError
    from babel.messages.pofile import read_po

    try:
        locale = Locale.parse(name)
        symbols = locale.number_symbols["latn"]
    except (UnknownLocaleError, ValueError, TypeError):
        raise NotPossibleError(_unknown(name)) from None
    if locale.language not in languages():
        raise NotPossibleError(_unknown(name))
    found = Language(name, symbols["decimal"], symbols["group"])
    if locale.language == ENGLISH:
        return found
    with files(__package__).joinpath(CATALOGUES, f"{locale.language}.po").open("rb") as file:
        catalogue = read_po(file, locale.language)
    for message in catalogue:
        text, string = message.id, message.string
        if isinstance(text, str) and isinstance(string, str) and text and string:
            found.texts[_in_context(message.context, text)] = string
        elif isinstance(text, tuple | list) and isinstance(string, tuple | list) and all(string):
            found.texts[text[0]] = tuple(string)
    form = _form_of(catalogue.plural_expr)
    return Language(name, found.decimal, found.group, found.texts, form)


def _form_of(expression: str) -> Callable[[int], int]:
    from gettext import c2py

    return c2py(expression)


def _unknown(name: str) -> str:
    return (
        f"The locale '{name}' is not known. Expected the code of a language, one of {', '.join(languages())}, with or "
        "without a country, such as en_GB. Correct the var `locale` and build again."
    )


def _(text: str, /, **values: Any) -> str:
    """Return a text in the language in use, with values in the places of their names.

    Parameters
    ----------
    text : str
        The English text, written out where it is used. Values stand in it by name: `_("{share} of all", share="5 %")`.
    **values
        Texts, already in the language in use. Nothing in them is looked up.

    Returns
    -------
    str
    """
    return _filled(_used.said(text), values)


def pgettext(context: str, text: str, /, **values: Any) -> str:
    """Return a text whose translation depends on where it stands, in the language in use.

    Parameters
    ----------
    context : str
        Where it stands, in English: the same text without a context, or with another one, has its own translation.
    text : str
        The English text, as `_` takes it.
    **values
        As `_` takes them.

    Returns
    -------
    str

    Examples
    --------
    >>> pgettext("of a campaign", "effect")
    'effect'
    """
    return _filled(_used.said(text, context), values)


def _in_context(context, text) -> str:
    return f"{context}{CONTEXT_END}{text}" if context else text


def ngettext(singular: str, plural: str, number: int, /, **values: Any) -> str:
    """Return the form of a text that a number takes, in the language in use, with values in the places of their names.

    Examples
    --------
    >>> ngettext("{count} customer", "{count} customers", 3, count="three")
    'three customers'
    """
    forms = _used.texts.get(singular)
    text = forms[_used.form(int(abs(number)))] if isinstance(forms, tuple) else singular if number == 1 else plural
    return _filled(text, values)


def _filled(text, values) -> str:
    if not values:
        return text
    filled = text.format(
        **{name: isolated(value) if isinstance(value, str) else value for name, value in values.items()}
    )
    # an abbreviation at the end of a sentence, such as "Mio.", ends it too; a folder above another is no sentence
    return re.sub(r"(?<=\w)\.\.(?=\s|$)", ".", filled) if _used.texts else filled


def isolated(text: str) -> str:
    """Keep a text that runs from right to left from moving what stands beside it; `_` does it for all its values.

    Parameters
    ----------
    text : str
        A name, or a text with names.

    Returns
    -------
    str
        With invisible marks around it if it has letters that run from right to left outside of such marks.

    Examples
    --------
    >>> isolated("Savers"), isolated("\u05d0 2") == ISOLATE + "\u05d0 2" + ISOLATE_END
    ('Savers', True)
    >>> isolated(isolated("\u05d0")) == isolated("\u05d0")
    True
    """
    bare = re.sub(f"{ISOLATE}.*?{ISOLATE_END}", "", text, flags=re.DOTALL) if ISOLATE in text else text
    return f"{ISOLATE}{text}{ISOLATE_END}" if RIGHT_TO_LEFT.search(bare) else text


def words_isolated(text: str) -> str:
    """Isolate the words that run from right to left in a finished text, of which the names are no longer known.

    Examples
    --------
    >>> words_isolated("High \u05d0 \u05d1 (45)") == f"High {isolated('\u05d0 \u05d1')} (45)"
    True
    """
    if ISOLATE in text or not RIGHT_TO_LEFT.search(text):
        return text
    letter = RIGHT_TO_LEFT.pattern
    return re.sub(f"{letter}+(?:[ '-]+{letter}+)*", lambda found: isolated(found[0]), text)


def translatable(text: str) -> str:
    """Mark a text that is looked up where it is shown: constants are made before the language is known."""
    return text


def localized(number: str) -> str:
    """Write a number that Python has formatted with the signs of the locale in use, and a minus as wide as a digit.

    Examples
    --------
    >>> localized(f"{1234.5:,.1f}"), localized("-1")
    ('1,234.5', '−1')
    """
    number = number.replace("-", MINUS)
    if (_used.decimal, _used.group) == (".", ","):
        return number
    return number.translate({ord(","): _used.group, ord("."): _used.decimal})


def day_text(day: date, *, is_short: bool = False) -> str:
    """Write a day in words, the month short or in full.

    Examples
    --------
    >>> day_text(date(2024, 1, 31)), day_text(date(2024, 1, 31), is_short=True)
    ('31 January 2024', '31 Jan 2024')
    """
    if _used.code == ENGLISH:
        return f"{day.day} {day:%b %Y}" if is_short else f"{day.day} {day:%B %Y}"
    from babel.dates import format_date, format_skeleton

    if is_short:
        return format_skeleton("yMMMd", day, locale=_used.locale)
    return format_date(day, "long", locale=_used.locale)


def month_text(day: date, *, is_short: bool = False) -> str:
    """Write the month of a day in words, short or in full.

    Examples
    --------
    >>> month_text(date(2024, 1, 31)), month_text(date(2024, 1, 31), is_short=True)
    ('January 2024', 'Jan 2024')
    """
    if _used.code == ENGLISH:
        return f"{day:%b %Y}" if is_short else f"{day:%B %Y}"
    from babel.dates import format_skeleton

    return format_skeleton("yMMM" if is_short else "yMMMM", day, locale=_used.locale)


def vega_locale() -> dict[str, Any]:
    """Return how Vega writes numbers and days: the part `locale` of its configuration."""
    if _used.locale == ENGLISH:
        return {}
    from babel import Locale

    locale = Locale.parse(_used.locale)
    number = {"decimal": _used.decimal, "thousands": _used.group, "grouping": [3], "currency": ["", ""]}
    names = {"months": locale.months["format"]["wide"], "shortMonths": locale.months["format"]["abbreviated"]}
    weekdays = {"days": locale.days["format"]["wide"], "shortDays": locale.days["format"]["abbreviated"]}
    time = {
        "dateTime": "%c", "date": "%x", "time": "%X", "periods": ["AM", "PM"],
        **{name: [words[place] for place in sorted(words)] for name, words in names.items()},
        # Babel counts from Monday, Vega from Sunday
        **{name: [words[(place - 1) % 7] for place in range(7)] for name, words in weekdays.items()},
    }  # fmt: skip
    return {"locale": {"number": number, "time": time}}
