"""The quality suites of a dataset as texts: its folder in quality."""

import json

import numpy as np

from customer_segmentation.datasets.proposal import Proposal
from customer_segmentation.language import translatable

KNOWN_WHY = translatable("A median outside suggests another unit, currency or kind of file.")


def suite_files(proposal: Proposal, medians: dict[str, float]) -> dict[str, str]:
    """Return the suites of a dataset.

    Parameters
    ----------
    proposal : Proposal
        The dataset.
    medians : dict of str to float
        Medians of its features in the source.

    Returns
    -------
    dict of str to str
        Texts by path from the root of the project.
    """
    name = proposal.name
    folder = f"quality/{name}"
    suites = {
        f"{folder}/stg_{name}__customer_rows.yml": _suite(
            f"{name}_customers_input", f"stg_{name}__customer_rows", _rows()
        ),
        f"{folder}/{name}_customer_features.yml": _suite(
            f"{name}_customers", f"{name}_customer_features", _customers(proposal, medians)
        ),
    }
    if proposal.orders is not None:
        signs = _expectation(
            "expect_column_values_to_be_in_set",
            "{column: has_contradicting_signs, value_set: [false]}",
            "critical",
            translatable(
                "A negative quantity with a positive amount counts a return as a purchase. If the column contains unit "
                "prices, rename it to unit_price; if it contains totals, make those of returns negative."
            ),
        )
        suites[f"{folder}/stg_{name}__transaction_rows.yml"] = _suite(
            f"{name}_transactions_input", f"stg_{name}__transaction_rows", [*_rows(), signs]
        )
    return suites


def _suite(name, relation, expectations) -> str:
    return f"name: {name}\nrelation: {relation}\nexpectations:\n{''.join(expectations)}"


def _expectation(kind, arguments, severity, why, asked_if="") -> str:
    asked = f"asked_if: {asked_if}, " if asked_if else ""
    return (
        f"  - type: {kind}\n    kwargs: {arguments}\n    severity: {severity}\n"
        f"    meta: {{{asked}why: {json.dumps(why, ensure_ascii=False)}}}\n"
    )


def _rows() -> list[str]:
    return [
        _expectation(
            "expect_table_row_count_to_be_between",
            "{min_value: 1}",
            "critical",
            translatable("An empty input would publish empty segments."),
        ),
        _expectation(
            "expect_column_values_to_be_null",
            "{column: reason, mostly: 0.5}",
            "critical",
            translatable("If most rows are unusable, the file is of another kind."),
        ),
        _expectation(
            "expect_column_values_to_be_null",
            "{column: reason, mostly: 0.95}",
            "warning",
            translatable("If more than one row in twenty is unusable, check rejected_rows."),
        ),
    ]


def _customers(proposal, medians) -> list[str]:
    found = [
        _expectation(
            "expect_table_row_count_to_be_between",
            "{min_value: 30}",
            "warning",
            translatable("With fewer customers, a segment is a handful of people."),
        ),
        _expectation(
            "expect_column_values_to_be_unique",
            "{column: customer_id}",
            "critical",
            translatable("A duplicate customer is contacted twice."),
        ),
        _expectation(
            "expect_column_values_to_not_be_null",
            "{column: customer_id}",
            "critical",
            translatable("A customer without id cannot be contacted."),
        ),
    ]
    for one in proposal.customers.columns if proposal.customers else []:
        asked = f"{proposal.name}_customers.{one.column}"
        if one.kind == "choice":
            found += _gender(asked)
        if one.kind != "number":
            continue
        if one.when_missing == "reject_row":
            found.append(
                _expectation(
                    "expect_column_values_to_not_be_null",
                    f"{{column: {one.column}}}",
                    "critical",
                    translatable("Staging rejects customers without it; one here means that staging is broken."),
                )
            )
        else:
            mostly = max(0.0, np.floor((1 - one.missing) * 8) / 10)
            found.append(
                _expectation(
                    "expect_column_values_to_not_be_null",
                    f"{{column: {one.column}, mostly: {mostly:g}}}",
                    "warning",
                    translatable("More unknown values than when the dataset was added."),
                    asked,
                )
            )
        median = medians.get(one.column, 0.0)
        if median > 0:
            limits = f"min_value: {median / 10:.6g}, max_value: {median * 10:.6g}"
            arguments = f"{{column: {one.column}, {limits}}}"
            found.append(_expectation("expect_column_median_to_be_between", arguments, "warning", KNOWN_WHY, asked))
    return found + (_purchases() if proposal.orders else [])


def _gender(asked) -> list[str]:
    return [
        _expectation(
            "expect_column_values_to_be_in_set",
            "{column: gender, value_set: [female, male, unknown]}",
            "critical",
            translatable("Staging conforms gender to these words."),
        ),
        _expectation(
            "expect_column_values_to_be_in_set",
            "{column: gender, value_set: [female, male], mostly: 0.7}",
            "warning",
            translatable("Many unknown genders suggest spellings that staging does not know."),
            asked,
        ),
    ]


def _purchases() -> list[str]:
    return [
        _expectation(
            "expect_column_values_to_not_be_null",
            "{column: frequency}",
            "critical",
            translatable("A customer without purchases has frequency 0."),
        ),
        _expectation(
            "expect_column_values_to_be_between",
            "{column: frequency, min_value: 0}",
            "critical",
            translatable("A count of purchases cannot be negative."),
        ),
        _expectation(
            "expect_column_values_to_not_be_null",
            "{column: monetary_value}",
            "critical",
            translatable("A customer without purchases has paid 0."),
        ),
        _expectation(
            "expect_column_values_to_be_between",
            "{column: monetary_value, min_value: 0, mostly: 0.99}",
            "warning",
            translatable(
                "More returned than bought is rare; many such customers suggest that returns do not match purchases."
            ),
        ),
        _expectation(
            "expect_column_values_to_be_between",
            "{column: recency_days, min_value: 0}",
            "critical",
            translatable("A purchase after the as-of date is impossible."),
        ),
        _expectation(
            "expect_column_values_to_not_be_null",
            "{column: recency_days, mostly: 0.5}",
            "warning",
            translatable("If most customers never bought, the ids of customers and orders may not match."),
        ),
        _expectation(
            "expect_column_values_to_be_between",
            "{column: return_rate, min_value: 0, max_value: 0.5, mostly: 0.95}",
            "warning",
            translatable("Higher return rates are rare outside fashion; a sign may be wrong."),
        ),
    ]
