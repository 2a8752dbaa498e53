"""What a prediction says in words, for the command and the dashboard: computed from its rows, and nothing else."""

from collections.abc import Mapping
from typing import Any

from customer_segmentation.formatting import capitalised, cell, figure, in_words, listed, number
from customer_segmentation.language import _, isolated, localized, translatable
from customer_segmentation.publication.retelling import retold
from customer_segmentation.units import THOUSANDS, is_money, unit_name, with_unit

SURE_GRADES = ("stable", "usable")
SEGMENT = ("Persona", "Nearest")  # what names the segment of a prediction that is decided, or undecided
# predict_<dataset>.problem, of each feature, with the value and without
PROBLEMS = (
    translatable("{feature} of {number} is not possible, expected {lowest} to {highest}"),
    translatable("{feature} is not possible, expected {lowest} to {highest}"),
    translatable("{feature} is not a number: {given}"),
    translatable("{feature} is not a number"),
    translatable("{feature} is missing"),
    translatable("a summary row, no customer"),
)
# predict_<dataset>.outside_reason
OUTSIDE = (
    translatable("{feature} of {number}, seen {lowest} to {highest}"),
    translatable("farther from the centre of the segment than any of its customers"),
)
CLEAR_MARGIN = 0.5  # half as far from the centre of the segment as from the next one


def certainty(prediction: Mapping[str, Any]) -> str:
    """Say how sure it is that a customer belongs to the segment, and which one comes second.

    Parameters
    ----------
    prediction : mapping
        `margin` and `runner_up_persona` of one that is not undecided.

    Returns
    -------
    str

    Examples
    --------
    >>> certainty({"margin": 0.75, "runner_up_persona": "Savers"})
    'clear: 4 times closer than the runner-up, Savers (margin 0.75)'
    """
    margin = prediction["margin"]
    told = {"runner_up": prediction["runner_up_persona"], "margin": number(margin, 2)}
    if margin >= 0.99:
        return _("clear: at the center of this segment; runner-up {runner_up} (margin {margin})", **told)
    told["times"] = figure(1 / (1 - margin))
    if margin >= CLEAR_MARGIN:
        return _("clear: {times} times closer than the runner-up, {runner_up} (margin {margin})", **told)
    return _("moderate: {times} times closer than the runner-up, {runner_up} (margin {margin})", **told)


def own_figure(value: float, unit: str | None = None) -> str:
    """Write a value of one customer as it was given, and its unit.

    Examples
    --------
    >>> own_figure(33.0, "years"), own_figure(1234.5, "$")
    ('33 years', '$1,234.50')
    """
    is_amount = is_money(unit) and not unit.startswith(THOUSANDS)
    written = f"{value:,.2f}".removesuffix(".00") if is_amount else f"{value:,.10g}"
    return with_unit(localized(written), unit)


def reason(figures: Mapping[str, Any], runner_up: str) -> str:
    """Put the value of a deciding feature beside what is typical of the segment, the next one and all customers.

    Examples
    --------
    >>> typical = {"typical_of_segment": 79.0, "typical_of_runner_up": 54.0, "typical_of_all": 61.5}
    >>> reason({"label": "income", "unit": "k$", "value": 87.0} | typical, "Savers")
    'income $87k (typical: here $79k, Savers $54k, all customers $62k)'
    """
    typical = {
        _("here"): "typical_of_segment",
        runner_up: "typical_of_runner_up",
        _("all customers"): "typical_of_all",
    }
    unit = figures["unit"]
    known = [
        f"{isolated(whose)} {cell(figures[name], unit)}" for whose, name in typical.items() if figures[name] is not None
    ]
    own = f"{isolated(figures['label'])} {own_figure(figures['value'], unit)}"
    return _("{value} (typical: {typical})", value=own, typical=", ".join(known))


def offer(prediction: Mapping[str, Any]) -> str:
    """Say what to offer the customer.

    Examples
    --------
    >>> offer({"campaign": "Early Access", "channel": "app_push", "offer": "Two days before everyone else"})
    'Early Access (app push): Two days before everyone else'
    """
    if prediction["campaign"] is None:
        return _("this segment has no campaign")
    return f"{prediction['campaign']} ({_(in_words(prediction['channel']))}): {prediction['offer']}"


def is_undecided(prediction: Mapping[str, Any]) -> bool:
    """Say whether nothing can be built on a prediction: no segment is clearly the nearest, or no customer is alike.

    Parameters
    ----------
    prediction : mapping
        `is_borderline` and `is_outside_seen_range`.

    Returns
    -------
    bool
    """
    return bool(prediction["is_borderline"] or prediction["is_outside_seen_range"])


def problem_text(problem: str) -> str:
    """Say why a customer has no segment.

    Examples
    --------
    >>> problem_text("age is missing; annual income is not a number: much")
    'age is missing; annual income is not a number: much'
    """
    return _each(problem, PROBLEMS)


def _each(told, templates) -> str:
    return "; ".join(retold(part, templates) for part in told.split("; "))


def doubts(prediction: Mapping[str, Any]) -> list[str]:
    """List why a prediction is undecided; empty where it is not.

    Examples
    --------
    >>> unlike = {"is_outside_seen_range": True, "outside_reason": "age of 99, seen 18 to 70"}
    >>> doubts({"is_borderline": False} | unlike)
    ['unlike any customer in the model: age of 99, seen 18 to 70']
    """
    found = []
    if prediction["is_borderline"]:
        found.append(
            _(
                "almost as close to {runner_up} as to {segment} (margin {margin})",
                runner_up=prediction["runner_up_persona"],
                segment=prediction["persona"],
                margin=number(prediction["margin"], 2),
            )
        )
    if prediction["is_outside_seen_range"]:
        found.append(
            _("unlike any customer in the model: {reason}", reason=_each(prediction["outside_reason"], OUTSIDE))
        )
    return found


def cautions(prediction: Mapping[str, Any], *, is_synthetic: bool) -> list[str]:
    """List the caveats of a prediction.

    Parameters
    ----------
    prediction : mapping
        `stability_grade`.
    is_synthetic : bool
        Whether the customers that the segments were found on are made up.

    Returns
    -------
    list of str
    """
    found = []
    grade = prediction["stability_grade"]
    if grade is not None and grade not in SURE_GRADES:
        found.append(_("this segment is {grade} and may not come back in another sample", grade=_(grade)))
    if is_synthetic:
        found.append(_("the segments come from synthetic customers and say nothing about real people"))
    return found


def name(prediction: Mapping[str, Any]) -> str:
    """Name the segment of a prediction, or say that it is undecided.

    Examples
    --------
    >>> decided = {"persona": "Savers", "is_borderline": False, "is_outside_seen_range": False}
    >>> name(decided), name(decided | {"is_borderline": True})
    ('Savers', 'Undecided, nearest to Savers')
    """
    if is_undecided(prediction):
        return _("Undecided, nearest to {segment}", segment=prediction["persona"])
    return prediction["persona"]


def prediction_lines(prediction: Mapping[str, Any], *, is_synthetic: bool) -> list[tuple[str, str]]:
    """Tell a prediction in lines, each with the word that stands before it.

    One that is undecided begins with why, and offers nothing.

    Parameters
    ----------
    prediction : mapping
        A row of `predictions`.
    is_synthetic : bool
        Whether the customers that the segments were found on are made up.

    Returns
    -------
    list of tuple of str
        The words are in English. The lines of `SEGMENT` name the segment; a card has it as its title.
    """
    if prediction["problem"] is not None:
        return [(translatable("Not scored"), problem_text(prediction["problem"]))]
    undecided = is_undecided(prediction)
    return [
        *((translatable("Undecided"), doubt) for doubt in doubts(prediction)),
        (SEGMENT[undecided], prediction["persona"]),
        *([] if undecided else [(translatable("Certainty"), certainty(prediction))]),
        (
            translatable("Why"),
            listed(reason(figures, prediction["runner_up_persona"]) for figures in prediction["reasons"]),
        ),
        *([] if undecided else [(translatable("Offer"), offer(prediction))]),
        *((translatable("Caution"), caution) for caution in cautions(prediction, is_synthetic=is_synthetic)),
    ]


def card_facts(prediction: Mapping[str, Any], *, is_synthetic: bool) -> list[tuple[str, str]]:
    """Return the lines of a prediction for a card that has `name` as its title."""
    lines = prediction_lines(prediction, is_synthetic=is_synthetic)
    return [(_(word), capitalised(told)) for word, told in lines if word not in SEGMENT]


def question(feature: Mapping[str, Any]) -> str:
    """Ask for a feature: its label, its unit, what is possible and what is typical.

    Examples
    --------
    >>> question({"label": "age", "unit": "years", "valid_minimum": 10, "valid_maximum": 110, "typical_value": 36})
    'Age in years, from 10 to 110, typically 36'
    """
    lowest, highest, typical = map(
        own_figure, (feature[n] for n in ("valid_minimum", "valid_maximum", "typical_value"))
    )
    unit = f" in {unit_name(feature['unit'])}" if feature["unit"] else ""
    return f"{capitalised(feature['label'])}{unit}, from {lowest} to {highest}, typically {typical}"
