"""What a row of measured effects says in a sentence: in English in the table, on pages in their language."""

import re
from collections.abc import Mapping
from typing import Any

from customer_segmentation.formatting import in_sentence, in_words
from customer_segmentation.language import ENGLISH, _, localized, translatable, used
from customer_segmentation.units import with_unit

SHARE, COUNT, MONEY, RATIO = "bought", "purchases", "money", "money_per_purchase"
NO_RESULT = translatable("no customer has any {outcome} in either arm")  # of an outcome that is no purchase

# by verdict: when the window is over, and before
OPENINGS = {
    "gain proven": (translatable("Gain proven for {who}"), translatable("Gain proven for {who} so far")),
    "loss proven": (translatable("Loss proven for {who}"), translatable("Loss proven for {who} so far")),
    "not proven": (translatable("No effect proven for {who}"), translatable("No effect proven for {who} so far")),
    "not the outcome": (
        translatable("Not what the experiment was set up to prove, for {who}"),
        translatable("Not what the experiment was set up to prove, for {who} so far"),
    ),
}
INTERVALS = {
    SHARE: translatable("between {low} and {high} percentage points"),
    COUNT: translatable("between {low} and {high} purchases each"),
    MONEY: translatable("between {low} and {high} each"),
    RATIO: translatable("between {low} and {high} per purchase"),
}


def effect_sentence(row: Mapping[str, Any], currency: str | None, comparisons: str) -> str:
    """Say what an experiment has shown.

    Parameters
    ----------
    row : mapping
        A row of `campaign_effects`; its sentence is not read.
    currency : str or None
        Unit of money.
    comparisons : str
        How many comparisons were made at once, as it is written.

    Returns
    -------
    str
    """
    who = _("all personas together") if row["is_total"] else in_sentence(row["persona"])
    if row["verdict"] == "no comparison":
        return _("No comparison for {who}: {reason}.", who=who, reason=reason_text(row))
    if row["verdict"] == "invalid":
        return _(
            "No conclusion for {who}: the sizes of the arms are not those planned, so customers were lost or moved.",
            who=who,
        )
    finding = _(OPENINGS[row["verdict"]][0 if row["is_complete"] else 1], who=who)
    low, high = (_written(row[name], row["metric"], currency) for name in ("effect_low", "effect_high"))
    if row["metric"] in INTERVALS:
        interval = _(INTERVALS[row["metric"]], low=low, high=high)
    else:
        interval = _("between {low} and {high} {outcomes} each", low=low, high=high, outcomes=in_words(row["metric"]))
    # alone it would count; among several comparisons one in twenty does by chance
    if row["verdict"] == "not proven" and not row["effect_low"] <= 0 <= row["effect_high"]:
        return _(
            "{finding}: {interval}, which is not enough among {count} comparisons.",
            finding=finding, interval=interval, count=comparisons,
        )  # fmt: skip
    return _("{finding}: {interval}.", finding=finding, interval=interval)


def published_sentence(row: Mapping[str, Any], currency: str | None) -> str:
    """Say in the language in use what the sentence of a published row says in English.

    Parameters
    ----------
    row : mapping
        A row of `campaign_effects`, which may have lost others of its experiment where few customers were compared.
    currency : str or None
        Unit of money.

    Returns
    -------
    str
    """
    if used().code == ENGLISH:
        return row["sentence"]
    found = re.search(r"among (\S+) comparisons", row["sentence"])
    return effect_sentence(row, currency, _(found[1]) if found else "")


def reason_text(row: Mapping[str, Any]) -> str:
    """Say why nothing could be compared."""
    outcome = in_words(row["metric"])
    if row["reason"] == NO_RESULT.format(outcome=outcome):
        return _(NO_RESULT, outcome=outcome)
    return _(row["reason"])


def _written(value, metric, currency) -> str:
    if metric == SHARE:
        return localized(f"{100 * value:.1f}".replace("-0.0", "0.0"))
    text = f"{value:,.2f}"
    text = localized("0.00" if text == "-0.00" else text)
    return with_unit(text, currency) if metric in (MONEY, RATIO) else text
