"""Why rows of inputs were rejected, in the language in use: from the columns of `rejected_rows`."""

from customer_segmentation.formatting import is_missing
from customer_segmentation.language import _, translatable
from customer_segmentation.publication.retelling import retold

FUTURE = "in the future: after "  # a reason that goes on with the last day that is believed
DUPLICATES = (
    translatable("{column} '{value}' occurs with different values, so none of its rows can be trusted"),
    translatable("{column} '{value}' repeats row {row}"),
)


def reason_text(reason: str) -> str:
    """Write a reason of `rejected_rows`.

    Examples
    --------
    >>> reason_text("missing"), reason_text("in the future: after 2024-12-31")
    ('missing', 'in the future: after 2024-12-31')
    """
    if reason.startswith(FUTURE):
        return _("in the future: after {day}", day=reason.removeprefix(FUTURE))
    return _(reason)


def explanation_text(explanation: str, column: str | None) -> str:
    """Write an explanation of `rejected_rows`; one that says more than what was found or repeated stays in English.

    Parameters
    ----------
    explanation : str
        As it was published.
    column : str or None
        The column with the problem.

    Examples
    --------
    >>> explanation_text("age: found 'old'", "age"), explanation_text("age: found nothing", "age")
    ("age: found 'old'", 'age: found nothing')
    """
    if is_missing(column) or not explanation.startswith(f"{column}: found "):
        return retold(explanation, DUPLICATES)
    value = explanation.removeprefix(f"{column}: found ")
    if value == "nothing":
        return _("{column}: found nothing", column=column)
    return _("{column}: found {value}", column=column, value=value)
