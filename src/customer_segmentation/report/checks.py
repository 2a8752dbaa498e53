"""What quality checks expect and find, in the language in use: from the columns of `data_quality_results`."""

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any

from customer_segmentation.formatting import is_missing, percent, yes_or_no
from customer_segmentation.language import ENGLISH, _, localized, translatable, used
from customer_segmentation.publication.tables import Publication

# the expectations of Great Expectations, as `quality.suites` writes their types in `expectation`
EXPECTATIONS = (
    translatable("column distinct values to be in set"),
    translatable("column distinct values to contain set"),
    translatable("column distinct values to equal set"),
    translatable("column max to be between"),
    translatable("column mean to be between"),
    translatable("column median to be between"),
    translatable("column min to be between"),
    translatable("column most common value to be in set"),
    translatable("column pair values a to be greater than b"),
    translatable("column pair values to be equal"),
    translatable("column pair values to be in set"),
    translatable("column proportion of non null values to be between"),
    translatable("column proportion of unique values to be between"),
    translatable("column quantile values to be between"),
    translatable("column stdev to be between"),
    translatable("column sum to be between"),
    translatable("column to exist"),
    translatable("column unique value count to be between"),
    translatable("column value lengths to be between"),
    translatable("column value lengths to equal"),
    translatable("column value z scores to be less than"),
    translatable("column values to be between"),
    translatable("column values to be decreasing"),
    translatable("column values to be in set"),
    translatable("column values to be in type list"),
    translatable("column values to be increasing"),
    translatable("column values to be null"),
    translatable("column values to be of type"),
    translatable("column values to be unique"),
    translatable("column values to match like pattern"),
    translatable("column values to match like pattern list"),
    translatable("column values to match regex"),
    translatable("column values to match regex list"),
    translatable("column values to not be in set"),
    translatable("column values to not be null"),
    translatable("column values to not match like pattern"),
    translatable("column values to not match like pattern list"),
    translatable("column values to not match regex"),
    translatable("column values to not match regex list"),
    translatable("compound columns to be unique"),
    translatable("multicolumn sum to equal"),
    translatable("multicolumn values to be equal"),
    translatable("select column values to be unique within record"),
    translatable("table column count to be between"),
    translatable("table column count to equal"),
    translatable("table columns to match ordered list"),
    translatable("table columns to match set"),
    translatable("table row count to be between"),
    translatable("table row count to equal"),
    translatable("table row count to equal other table"),
)
# their arguments
ARGUMENTS = {
    "mostly": translatable("mostly {value}"),
    "min_value": translatable("min_value {value}"),
    "max_value": translatable("max_value {value}"),
    "strict_min": translatable("strict_min {value}"),
    "strict_max": translatable("strict_max {value}"),
    "value_set": translatable("value_set {value}"),
}
# and those that are shown as Great Expectations names them
TECHNICAL_ARGUMENTS = (
    "allow_relative_error", "column_A", "column_B", "column_index", "column_set", "double_sided", "escape",
    "exact_match", "ignore_row_if", "like_pattern", "like_pattern_list", "match_on", "or_equal", "other_table_name",
    "quantile_ranges", "regex", "regex_list", "strictly", "sum_total", "threshold", "ties_okay", "type_", "type_list",
    "value", "value_pairs_set",
)  # fmt: skip
ARGUMENT = re.compile(rf"(?:^|, )({'|'.join((*ARGUMENTS, *TECHNICAL_ARGUMENTS))}) ")
UNEXPECTED = " unexpected"
NOT_EVALUATED = "not evaluated: "
# suites of this project: of all datasets by their names, of one dataset by what stands behind its name
SUITES = {
    "campaigns": translatable("Campaigns"),
    "segments_of_customers": translatable("Segments of customers"),
    "sizes_of_segments": translatable("Sizes of segments"),
}
SUITES_OF_DATASETS = {
    "input": translatable("{dataset}: rows of the input"),
    "customers": translatable("{dataset}: customers"),
    "customers_input": translatable("{dataset}: rows of customers"),
    "transactions_input": translatable("{dataset}: rows of transactions"),
}


def expectation_text(expectation: str) -> str:
    """Say what a check expects.

    Parameters
    ----------
    expectation : str
        As it was published; one that Great Expectations does not have, or that this project does not know, stays so.

    Returns
    -------
    str

    Examples
    --------
    >>> expectation_text("column values to be between (mostly 0.95, min_value 0.0, max_value 0.5)")
    'column values to be between (mostly 0.95, min_value 0.0, max_value 0.5)'
    """
    if used().code == ENGLISH:
        return expectation
    kind, bracket, arguments = expectation.partition(" (")
    if kind not in EXPECTATIONS:
        return expectation
    if not bracket:
        return _(kind)
    # a name, its value, the next name: values may hold commas
    __, *parts = ARGUMENT.split(arguments.removesuffix(")"))
    told = [_argument(name, value) for name, value in zip(parts[::2], parts[1::2], strict=True)]
    return f"{_(kind)} ({', '.join(told)})"


def _argument(name, value) -> str:
    if name not in ARGUMENTS:
        return f"{name} {value}"
    read = _read(value)
    if name == "mostly" and isinstance(read, float | int):
        return _(ARGUMENTS[name], value=percent(read))
    if isinstance(read, bool):
        return _(ARGUMENTS[name], value=yes_or_no(read))
    if isinstance(read, list):
        return _(ARGUMENTS[name], value=", ".join(map(str, read)))
    return _(ARGUMENTS[name], value=_number(value))


def _read(value) -> Any:
    try:
        return ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return value  # a text stands there without quotes


def _number(text) -> str:
    try:
        return localized(f"{float(text):,.12g}")
    except ValueError:
        return text


def found_text(check: Mapping[str, Any]) -> str:
    """Say what a check found; nothing where nothing is told.

    Parameters
    ----------
    check : mapping
        A row of `data_quality_results`.

    Returns
    -------
    str

    Examples
    --------
    >>> found_text({"observed_value": "3 unexpected"}), found_text({"observed_value": "61.5"})
    ('3 unexpected', '61.5')
    """
    found = "" if is_missing(check["observed_value"]) else check["observed_value"]
    if used().code == ENGLISH:
        return found
    if found.endswith(UNEXPECTED):
        return _("{count} unexpected", count=_number(found.removesuffix(UNEXPECTED)))
    if found.startswith(NOT_EVALUATED):
        return _("not evaluated: {message}", message=found.removeprefix(NOT_EVALUATED))
    return _number(found)


def why_text(check: Mapping[str, Any]) -> str:
    """Say why a check matters: a reason of this project in the language in use, one of the user's own as it is."""
    return "" if is_missing(check["why"]) else _(check["why"])


def suite_text(publication: Publication, suite: str, datasets: Iterable[str]) -> str:
    """Say what a suite of checks is about.

    Parameters
    ----------
    publication : Publication
        The published tables.
    suite : str
        Its name.
    datasets : iterable of str
        Names of the datasets that it may be about.

    Returns
    -------
    str
    """
    if used().code == ENGLISH:
        return publication.dataset_name(suite)
    if suite in SUITES:
        return _(SUITES[suite])
    for dataset in datasets:
        if (of_dataset := suite.removeprefix(f"{dataset}_")) in SUITES_OF_DATASETS:
            return _(SUITES_OF_DATASETS[of_dataset], dataset=publication.dataset_name(dataset))
    return publication.dataset_name(suite)
