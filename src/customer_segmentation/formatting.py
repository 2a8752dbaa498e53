"""How figures, lists and grades are written, wherever people read them: one wording and one limit for each."""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from customer_segmentation.language import MINUS, _, isolated, localized, ngettext, translatable, used
from customer_segmentation.units import THOUSANDS, is_money, unit_name, with_sign, with_unit

if TYPE_CHECKING:
    from typing_extensions import TypeIs

NUMBERS = (
    translatable("no"), translatable("one"), translatable("two"), translatable("three"), translatable("four"),
    translatable("five"), translatable("six"), translatable("seven"), translatable("eight"), translatable("nine"),
    translatable("ten"), translatable("eleven"), translatable("twelve"),
)  # fmt: skip
TYPICAL = translatable("Typical = median: half of the customers have less, half have more.")

# L. Kaufman and P. Rousseeuw 1990, Finding Groups in Data, table 4: how much structure a mean silhouette speaks for.
STRONG_SILHOUETTE, REASONABLE_SILHOUETTE, WEAK_SILHOUETTE = 0.7, 0.5, 0.25
SEPARATION = (
    (STRONG_SILHOUETTE, translatable("strongly")),
    (REASONABLE_SILHOUETTE, translatable("reasonably")),
    (WEAK_SILHOUETTE, translatable("weakly")),
)

SMALL_CORRELATION, MEDIUM_CORRELATION = 0.1, 0.3  # Cohen 1988

# Steinley 2004 calls adjusted Rand indices from 0.9 excellent and from 0.65 moderate; below, agreement is poor.
EXCELLENT_AGREEMENT, MODERATE_AGREEMENT, LEAST_AGREEMENT = 0.9, 0.65, 0.4


def is_missing(value: Any) -> "TypeIs[None]":
    """Say whether a value of a published row is null."""
    if value is None or isinstance(value, (str, int, float)):
        return value is None or value != value
    # only who has pandas already comes here; commands that do without it start in a fraction of the time
    import pandas as pd

    return bool(pd.isna(value))


def whole(value: Any) -> int | None:
    """Return a number of segments, or None where there is none.

    Examples
    --------
    >>> whole(5.0), whole(float("nan")), whole(None)
    (5, None, None)
    """
    return None if is_missing(value) else int(value)


def number(value: float, decimals: int = 0) -> str:
    """Write a number in digits.

    Examples
    --------
    >>> number(1200), number(0.4321, 2)
    ('1,200', '0.43')
    """
    if hasattr(value, "text"):  # a number that is not told, written as words
        return value.text
    return localized(f"{value:,.{decimals}f}")


def count(value: int) -> str:
    """Write a whole number, in words up to twelve.

    Examples
    --------
    >>> count(3), count(1200)
    ('three', '1,200')
    """
    return _(NUMBERS[value]) if 0 <= value < len(NUMBERS) else number(value)


def counted(value: int, singular: str, plural: str | None = None) -> str:
    """Write how many there are of something.

    Examples
    --------
    >>> counted(1, "segment"), counted(0, "row"), counted(13, "persona")
    ('one segment', 'no rows', '13 personas')
    """
    return ngettext(f"{{count}} {singular}", f"{{count}} {plural or singular + 's'}", value, count=count(value))


def all_of(value: int, singular: str) -> str:
    """Write that all of something are meant.

    Examples
    --------
    >>> all_of(1, "segment"), all_of(2, "segment"), all_of(3, "segment")
    ('the segment', 'both segments', 'all three segments')
    """
    if value == 1:
        return _(f"the {singular}")
    return _(f"both {singular}s") if value == 2 else _(f"all {{count}} {singular}s", count=count(value))


def none_of(value: int, singular: str) -> str:
    """Write that none of something is meant.

    Examples
    --------
    >>> none_of(1, "segment"), none_of(2, "segment"), none_of(3, "segment")
    ('no segment', 'neither segment', 'none of the three segments')
    """
    if value == 1:
        return _(f"no {singular}")
    return _(f"neither {singular}") if value == 2 else _(f"none of the {{count}} {singular}s", count=count(value))


def customers(value: int, *, is_synthetic: bool) -> str:
    """Write how many customers there are, and of which kind.

    Examples
    --------
    >>> customers(6000, is_synthetic=True), customers(200, is_synthetic=False)
    ('6,000 synthetic customers', '200 customers')
    """
    if is_synthetic:
        return ngettext("{count} synthetic customer", "{count} synthetic customers", value, count=number(value))
    return ngettext("{number} customer", "{number} customers", value, number=number(value))


def clustered(figures: Mapping[str, Any]) -> str:
    """Write on what figures were computed: on customers, or on weighted rows that stand for them.

    Examples
    --------
    >>> clustered({"fitted_on": "even sample", "customers": 2000, "coreset_rows": 1968})
    '2,000 customers'
    >>> clustered({"fitted_on": "coreset", "customers": 1000000, "coreset_rows": 200314})
    'a weighted sample of 200,314 of 1,000,000 customers'
    """
    every = customers(figures["customers"], is_synthetic=False)
    if figures["fitted_on"] != "coreset":
        return every
    return _("a weighted sample of {rows} of {customers}", rows=number(figures["coreset_rows"]), customers=every)


def fallback_sentence(fit: Mapping) -> str:
    """Say why a fit is not the one that the seeds ask for; nothing of one that is.

    Examples
    --------
    >>> fallback_sentence({"fallback": "9 segments were asked for, but only 6 customers differ in what is compared"})
    'Fitted differently: 9 segments were asked for, but only 6 customers differ in what is compared.'
    >>> fallback_sentence({"fallback": None})
    ''
    """
    reason = fit.get("fallback")
    return _("Fitted differently: {reason}.", reason=reason) if isinstance(reason, str) and reason else ""


def percent(share: float, decimals: int = 1) -> str:
    """Write a share as a percentage: a little is never rounded to nothing, nor almost all to all.

    Examples
    --------
    >>> percent(0.405), percent(0.4), percent(0.004), percent(0.0002), percent(0), percent(0.0374, 2)
    ('40.5 %', '40 %', '0.4 %', 'under 0.1 %', '0 %', '3.74 %')
    >>> percent(0.999), percent(0.9999), percent(1)
    ('99.9 %', 'almost 100 %', '100 %')
    """
    if hasattr(share, "text"):  # a share that is not told, written as words
        return share.text
    step = 10.0**-decimals
    if 0 < share < step / 200:
        return _("under {share} %", share=number(step, decimals))
    if 0 < 1 - share < step / 200:
        return _("almost 100 %")
    return _("{number} %", number=localized(_without_zeros(f"{100 * share:.{decimals}f}")))


def shares(parts: Iterable[float]) -> list[str]:
    """Write the shares of a whole so that they add up to it as they are shown: to 100 %, where none is left out.

    Parameters
    ----------
    parts : iterable of float
        Shares from 0 to 1, of one whole, or counts of which each is a part of their sum.

    Returns
    -------
    list of str
        With one decimal. What rounding down leaves over goes to the parts with the largest remainders, of equal ones to
        the first (Hamilton's method of largest remainders). A part that is not nothing is never shown as nothing. Where
        one of the shares is not told but written as words, each is written by itself.

    Examples
    --------
    >>> shares([1, 1, 1])
    ['33.4 %', '33.3 %', '33.3 %']
    >>> shares([0.99995, 0.00005]), shares([0, 0])
    (['almost 100 %', 'under 0.1 %'], ['0 %', '0 %'])
    """
    parts = list(parts)
    if any(hasattr(part, "text") for part in parts):
        return [percent(part) for part in parts]
    parts = [0.0 if is_missing(part) else float(part) for part in parts]
    total = math.fsum(parts)
    if total <= 0:
        return [percent(0) for _ in parts]
    # shares that were divided before sum up to 1 but for a trace of rounding; a sum below that is a part of the whole
    total = total if total > 1 - 1e-9 else 1.0
    exact = [round(1000 * part / total, 6) for part in parts]
    tenths = [math.floor(part) for part in exact]
    left = round(sum(exact)) - sum(tenths)
    for place in sorted(range(len(parts)), key=lambda place: tenths[place] - exact[place])[:left]:
        tenths[place] += 1
    texts = [percent(tenth / 1000) for tenth in tenths]
    for place, (part, tenth) in enumerate(zip(parts, tenths, strict=True)):
        if tenth == 0 < part:
            texts[place] = _("under {share} %", share=number(0.1, 1))
        elif tenth == 1000 and part < total:
            texts[place] = _("almost 100 %")
    return texts


def named(label: str, unit: str | None) -> str:
    """Name an axis or a field after its feature, with the unit.

    Examples
    --------
    >>> named("annual income", "k$"), named("spending score", "points"), named("return rate", "")
    ('annual income, thousand $', 'spending score, points', 'return rate')
    >>> named("categories bought", "categories")
    'categories bought'
    """
    if not unit or is_missing(unit) or unit in label.split():
        return label
    return f"{isolated(label)}, {isolated(unit_name(unit))}"


def header(label: str, unit: str | None) -> str:
    """Head a column of a table that `cell` fills: money bears its sign in every cell, other units stand in the head.

    Examples
    --------
    >>> header("annual income", "k$"), header("age", "years")
    ('annual income', 'age, years')
    """
    return label if is_missing(unit) or is_money(unit) else named(label, unit)


def cell(value: float, unit: str | None) -> str:
    """Write a figure under a `header`; nothing where there is none.

    Examples
    --------
    >>> cell(86.5, "k$"), cell(33.0, "years"), cell(None, "years")
    ('$86k', '33', '')
    """
    return "" if is_missing(value) else figure(value, unit if not is_missing(unit) and is_money(unit) else None)


def figure(value: float, unit: str | None = None) -> str:
    """Write a figure with as many digits as a reader needs, and its unit, as the macro `figure_text` does in SQL.

    Examples
    --------
    >>> figure(86.5385, "k$"), figure(1.7544, "purchases"), figure(1388.2, "$"), figure(0.3), figure(1_530_000)
    ('$87k', '1.8 purchases', '$1,388', '0.3', '1.5M')
    >>> figure(1.04, "purchases"), figure(1, "categories"), figure(-1, "points"), figure(1_000_000, "points")
    ('1 purchase', '1 category', '−1 points', '1M points')
    >>> figure(-12, "$"), figure(0.05, "$"), figure(7.5, "$"), figure(2.25, "k€"), figure(0.4, "k€"), figure(1530, "k€")
    ('−$12', '$0.05', '$7.50', '€2.2k', '€400', '€1.5M')
    """
    if is_missing(value):
        return _("not known")
    unit = None if is_missing(unit) else unit
    if is_money(unit):
        return _money(float(value), unit)
    size, is_in_millions = abs(value), abs(value) >= 1e6
    if is_in_millions:
        value, size = value / 1e6, size / 1e6
    decimals = 1 if is_in_millions or 1 <= size < 10 else 0 if size >= 10 else 2
    text = localized(_without_zeros(f"{value:,.{decimals}f}"))
    return with_unit(_("{number}M", number=text) if is_in_millions else text, unit)


def _money(value, unit) -> str:
    size, is_thousands = abs(value), unit.startswith(THOUSANDS)
    amount = size * 1000 if is_thousands else size
    if is_thousands and size >= 999.5:
        text = _("{number}M", number=localized(_without_zeros(f"{size / 1000:,.1f}")))
    elif is_thousands and amount >= 999.5:
        text = f"{size:,.0f}" if size >= 9.95 else _without_zeros(f"{size:,.1f}")
        text = _("{number}k", number=localized(text))
    elif amount >= 999_999.5:
        text = _("{number}M", number=localized(_without_zeros(f"{amount / 1_000_000:,.1f}")))
    else:
        text = localized(f"{amount:,.0f}" if amount >= 9.995 else f"{amount:.2f}".replace(".00", ""))
    is_negative = (value * 1000 if is_thousands else value) <= -0.005
    return with_sign(f"{MINUS}{text}" if is_negative else text, unit.removeprefix(THOUSANDS))


def _without_zeros(text) -> str:
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def quality(checks: int, failed: int, dataset: str | None = None) -> str:
    """Say how many quality checks ran, of a dataset or of all, and how many found something.

    Examples
    --------
    >>> quality(66, 0), quality(26, 2, "Shop")
    ('All 66 quality checks of all datasets passed', '2 of 26 quality checks of Shop failed')
    """
    if not checks:
        return _("No quality checks ran")
    whose = dataset or _("all datasets")
    if failed:
        return _(
            "{failed} of {checks} quality checks of {dataset} failed",
            failed=number(failed), checks=number(checks), dataset=whose,
        )  # fmt: skip
    return _("All {checks} quality checks of {dataset} passed", checks=number(checks), dataset=whose)


def signed(value: float) -> str:
    """Write a correlation.

    Examples
    --------
    >>> signed(0.327), signed(-0.001)
    ('0.33', '0.00')
    """
    return localized(f"{round(value, 2) + 0.0:.2f}")


def p_value(value: float) -> str:
    """Write a p value: one below a thousandth says no more than that.

    Examples
    --------
    >>> p_value(1e-9), p_value(0.39189), p_value(float("nan"))
    ('under 0.001', '0.392', '')
    """
    if is_missing(value):
        return ""
    return _("under {number}", number=number(0.001, 3)) if value < 0.001 else number(value, 3)


def listed(parts: Iterable[str], *, most: int | None = None) -> str:
    """Join parts into a list that can be read aloud.

    Parameters
    ----------
    parts : iterable of str
        What to join.
    most : int, optional
        How many parts to name; the rest is counted.

    Returns
    -------
    str

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], most=2)
    ('a', 'a, b and c', 'a, b and two others')
    """
    parts = list(parts)
    if most is not None and len(parts) > most + 1:
        parts = [*parts[:most], _("{count} others", count=count(len(parts) - most))]
    if len(parts) < 2:
        return "".join(parts)
    return _("{others} and {last}", others=", ".join(map(isolated, parts[:-1])), last=parts[-1])


def in_sentence(name: str) -> str:
    """Write the name of a segment so that a sentence around it stays readable: in quotes if it has a comma.

    Examples
    --------
    >>> in_sentence("Savers"), in_sentence("Buys often, spends little")
    ('Savers', '“Buys often, spends little”')
    """
    return _("“{name}”", name=name) if "," in name else isolated(name)


def yes_or_no(is_so: bool) -> str:
    """Write whether something is so; other languages have more than one word for "no", so both are one text.

    Examples
    --------
    >>> yes_or_no(True), yes_or_no(False)
    ('yes', 'no')
    """
    yes, no = _("yes/no").split("/")
    return yes if is_so else no


def capitalised(text: str) -> str:
    """Begin a text with a capital and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """Begin a text without a capital, to put it after a colon; not where nouns have capitals, as in German."""
    return text if used().code == "de" else text[:1].lower() + text[1:]


def in_words(name: str) -> str:
    """Write a name of letters, digits and underscores as words.

    Examples
    --------
    >>> in_words("store_visits")
    'store visits'
    """
    return name.replace("_", " ").strip()


def title_of(name: str) -> str:
    """Turn the name of a dataset, a segmentation or a column into words.

    Examples
    --------
    >>> title_of("shop_income_spending")
    'Shop income spending'
    """
    return capitalised(in_words(name))


def separation(silhouette: float) -> str:
    """Say how well segments are separated, after Kaufman and Rousseeuw (1990).

    Examples
    --------
    >>> separation(0.55), separation(0.2)
    ('reasonably', 'hardly')
    """
    return _(next((word for limit, word in SEPARATION if silhouette > limit), translatable("hardly")))


def agreement(index: float) -> str:
    """Say how far two segmentations agree, after their adjusted Rand index.

    Examples
    --------
    >>> agreement(0.93), agreement(0.69), agreement(0.5), agreement(0.1)
    ('agree almost completely', 'largely agree', 'agree only in part', 'hardly agree')
    """
    if index >= EXCELLENT_AGREEMENT:
        return _("agree almost completely")
    if index >= MODERATE_AGREEMENT:
        return _("largely agree")
    return _("agree only in part") if index >= LEAST_AGREEMENT else _("hardly agree")
