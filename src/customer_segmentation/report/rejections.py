"""Why rows of inputs were rejected, in the language in use: from the columns of `rejected_rows`."""

from customer_segmentation.formatting import is_missing
from customer_segmentation.language import _, translatable
from customer_segmentation.publication.retelling import retold

FUTURE = "in the future: after "  # a reason that goes on with the last day that is believed
# rejected_rows.explanation
EXPLANATIONS = (
    translatable("customer_id '{value}' occurs with different values, so none of its rows can be trusted"),
    translatable("customer_id '{value}' repeats row {row}"),
    translatable("customer_id '{value}' is not among the usable customers"),
    translatable("transaction_id '{value}' repeats an earlier order with the same lines"),
    translatable("outcome_id '{value}' repeats an earlier row"),
    translatable("experiment '{value}' is not in the seed experiments for this dataset"),
    translatable("outcome '{value}' is not the outcome of any experiment in the seed experiments"),
    translatable("outcome '{value}' is not the outcome of experiment '{experiment}' in the seed experiments"),
    translatable("outcome_date {day} is before the start of the experiment on {start}"),
    translatable("{file}, line {line} has {count} value, expected {expected}: found '{value}'"),
    translatable("{file}, line {line} has {count} values, expected {expected}: found '{value}'"),
    translatable("{file}, line {line} has {count} characters, expected at most {most}: found '{value}'"),
    translatable("{file}, line {line} holds binary data: found '{value}'"),
    translatable("{file}, line {line} is not {encoding}: found '{value}'"),
    translatable("{file}, line {line} opens a quote that is not closed where a value ends: found '{value}'"),
)
OF_FILES = frozenset(("experiment", "file", "line", "row", "value"))  # no sign in them changes


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
    """Write an explanation of `rejected_rows`; what a column had comes as it is.

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
        return retold(explanation, EXPLANATIONS, verbatim=OF_FILES)
    value = explanation.removeprefix(f"{column}: found ")
    if value == "nothing":
        return _("{column}: found nothing", column=column)
    return _("{column}: found {value}", column=column, value=value)
