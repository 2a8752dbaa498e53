"""Which segment a customer is in who is not among the published ones, and why: `predict_<dataset>` in words."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.inputs.notation import header_readings, spelling
from customer_segmentation.language import _
from customer_segmentation.publication.database import known, quoted, rows
from customer_segmentation.scoring.numbers import notation_words, number_texts


def datasets(database: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """Return the published datasets, and whether their customers are synthetic."""
    found = rows(database, "select dataset, is_synthetic from datasets order by dataset")
    return {row["dataset"]: row["is_synthetic"] for row in found}


def segmentations(database: duckdb.DuckDBPyConnection, dataset: str) -> list[str]:
    """Return the segmentations of a dataset, the one to use first.

    Raises
    ------
    NotPossibleError
        If there is no such dataset.
    """
    known(dataset, datasets(database), "dataset")
    found = rows(
        database,
        "select segmentation from segmentation_fits where dataset = ? order by is_default desc, segmentation",
        [dataset],
    )
    return [row["segmentation"] for row in found]


def features(
    database: duckdb.DuckDBPyConnection, dataset: str, chosen: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Return what has to be known about a customer.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    dataset : str
        The dataset.
    chosen : sequence of str, optional
        Only the features of these segmentations.

    Returns
    -------
    list of dict
        `feature`, `label`, `unit`, `decimals`, `valid_minimum`, `valid_maximum`, `seen_minimum`, `seen_maximum`,
        `typical_value` and `accepted_names` (a list); those of the segmentation to use come first.

    Raises
    ------
    NotPossibleError
        If there is no such dataset or segmentation.
    """
    every = segmentations(database, dataset)
    chosen = [known(name, every, f"segmentation of {dataset}") for name in (every if chosen is None else chosen)]
    found = rows(
        database,
        """
        select
            feature, label, unit, decimals, valid_minimum, valid_maximum, seen_minimum, seen_maximum, typical_value,
            accepted_names
        from prediction_features
        inner join segmentation_fits on prediction_features.segmentation = segmentation_fits.segmentation
        where list_contains(?, prediction_features.segmentation)
        qualify row_number() over (partition by feature order by is_default desc, position) = 1
        order by is_default desc, position, feature
        """,
        [chosen],
    )
    for row in found:
        row["accepted_names"] = row["accepted_names"].split("; ")
    return found


def matched_names(wanted: list[dict], names: Iterable[str], where: str) -> dict[str, str]:
    """Find out which names stand for which features.

    Parameters
    ----------
    wanted : list of dict
        Features, as `features` returns them.
    names : iterable of str
        What the user calls them; upper case, spaces and marks make no difference.
    where : str
        Where the names come from, for the message.

    Returns
    -------
    dict of str to str
        Names by feature; features that no name stands for are left out.

    Raises
    ------
    NotPossibleError
        If two names stand for the same feature.
    """
    found: dict[str, str] = {}
    for name in names:
        for feature in wanted:
            if spelling(name) not in map(spelling, feature["accepted_names"]):
                continue
            if feature["feature"] in found:
                raise NotPossibleError(
                    _(
                        "{where}: '{name}' and '{other}' both stand for {feature}. Leave one of them out.",
                        where=where, name=found[feature["feature"]], other=name, feature=feature["label"],
                    )
                )  # fmt: skip
            found[feature["feature"]] = name
    return found


def matched_headers(
    database: duckdb.DuckDBPyConnection, wanted: list[dict], names: Iterable[str], where: str
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Find out which names stand for which features, also where a name says the unit of its numbers.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    wanted, names, where
        As `matched_names` takes them.

    Returns
    -------
    names : dict of str to str
        Names by feature; features that no name stands for are left out.
    headers : dict of str to dict
        By feature the unit that its name says: `unit`, `factor` into the unit of the feature, `note`.

    Raises
    ------
    NotPossibleError
        If two names stand for the same feature, or one says a unit that is not listed.
    """
    names = list(names)
    asked = [
        {"column": row["feature"], "accepted": row["accepted_names"], "unit": row["unit"], "label": row["label"]}
        for row in wanted
    ]
    found = header_readings(names, asked, notation_words(database))
    known = [reading for reading in found if reading["factor"] is not None]
    for reading in found:
        if reading["factor"] is None and not reading["is_replaced"]:
            feature = next(row for row in wanted if row["feature"] == reading["column"])
            raise NotPossibleError(
                _(
                    "{where}, column {column}: its name says '{found}', and no such unit of {label} ({unit}) is known. "
                    "Write its values in {unit}, and rename it to {feature}.",
                    where=where, column=reading["name"], found=reading["unit"], label=feature["label"],
                    unit=feature["unit"], feature=feature["feature"],
                )
            )  # fmt: skip
    units = {row["feature"]: [one["name"] for one in known if one["column"] == row["feature"]] for row in wanted}
    with_units = [row | {"accepted_names": row["accepted_names"] + units[row["feature"]]} for row in wanted]
    matched = matched_names(with_units, names, where)
    headers = {one["column"]: one for one in known if matched.get(one["column"]) == one["name"]}
    return matched, headers


def nearest_feature(wanted: list[dict], name: str) -> str | None:
    """Return the feature that somebody who mistyped its name most likely meant."""
    meant = {spelling(accepted): row["feature"] for row in wanted for accepted in row["accepted_names"]}
    close = get_close_matches(spelling(name), meant, n=1)
    return meant[close[0]] if close else None


def predictions(
    database: duckdb.DuckDBPyConnection, dataset: str, values: Mapping[str, Any], segmentation: str | None = None
) -> list[dict[str, Any]]:
    """Return the segment of one customer in each segmentation of a dataset.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    dataset : str
        The dataset.
    values : mapping of str to Any
        Numbers or texts by feature, under any of their accepted names. A text may have a decimal comma.
    segmentation : str, optional
        Only this segmentation.

    Returns
    -------
    list of dict
        The columns of `predict_<dataset>`, `is_default`, and `reasons`: per deciding feature `feature`, `label`,
        `unit`, `value`, `typical_of_segment`, `typical_of_runner_up` and `typical_of_all`. The segmentation to use
        comes first. Where the customer cannot be assigned, `problem` says why.

    Raises
    ------
    NotPossibleError
        If there is no such dataset, segmentation or feature, or if a comma can be read in two ways.
    """
    every = features(database, dataset)
    if segmentation is not None:
        known(segmentation, segmentations(database, dataset), f"segmentation of {dataset}")
    names, headers = matched_headers(database, every, values, _("The customer"))
    for name in values:
        if name not in names.values():
            nearest = nearest_feature(every, name)
            suggestion = f" {_('Did you mean {name}?', name=nearest)}" if nearest else ""
            raise NotPossibleError(
                _(
                    "There is no feature called '{name}' in the dataset {dataset}.{suggestion} There are: {features}.",
                    name=name, dataset=dataset, suggestion=suggestion,
                    features=", ".join(row["feature"] for row in every),
                )
            )  # fmt: skip
    texts = _texts(database, every, {feature: values[name] for feature, name in names.items()}, headers)
    # the names are those of the publication; what was typed comes in as parameters
    given = ", ".join(f"{quoted(feature)} := ?" for feature in texts)
    found = rows(
        database,
        f"""
        select predicted.*, segmentation_fits.is_default
        from {quoted(f"predict_{dataset}")}({given}) as predicted
        inner join segmentation_fits on predicted.segmentation = segmentation_fits.segmentation
        where predicted.segmentation = coalesce(?, predicted.segmentation)
        order by segmentation_fits.is_default desc, predicted.segmentation
        """,
        [*texts.values(), segmentation],
    )
    return [_with_reasons(database, row, texts) for row in found]


def _texts(database, wanted, values, headers) -> dict[str, str | None]:
    """Write the numbers of one customer with a decimal point."""
    if not values:
        return {}
    asked = {
        row["feature"]: {
            "called": row["label"], "feature": row["feature"], "unit": row["unit"], "is_text": True,
            "header": headers.get(row["feature"]),
        }
        for row in wanted
    }  # fmt: skip
    given = ", ".join(f"cast(? as varchar) as {quoted(feature)}" for feature in values)
    parameters = [None if value is None else str(value) for value in values.values()]
    written, __ = number_texts(
        database, f"(select {given})", {feature: asked[feature] for feature in values}, parameters
    )
    read = ", ".join(f"{text} as {quoted(feature)}" for feature, text in written.items())
    return rows(database, f"select {read} from (select {given})", parameters)[0]


def typical_figures(
    database: duckdb.DuckDBPyConnection, segmentation: str, cluster_id: int, runner_up_cluster_id: int
) -> list[dict[str, Any]]:
    """Return what is typical in each feature of a segmentation: of a segment, of another one, of all customers.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    segmentation : str
        The segmentation.
    cluster_id, runner_up_cluster_id : int
        The two segments.

    Returns
    -------
    list of dict
        `feature`, `label`, `unit`, `typical_of_segment`, `typical_of_runner_up` and `typical_of_all`, all medians.
    """
    return rows(
        database,
        """
        select
            prediction_features.feature, prediction_features.label, prediction_features.unit,
            own.median as typical_of_segment, runner_up.median as typical_of_runner_up,
            prediction_features.typical_value as typical_of_all
        from prediction_features
        left join segment_profiles as own
            on
                prediction_features.segmentation = own.segmentation
                and prediction_features.feature = own.feature
                and own.cluster_id = ?
        left join segment_profiles as runner_up
            on
                prediction_features.segmentation = runner_up.segmentation
                and prediction_features.feature = runner_up.feature
                and runner_up.cluster_id = ?
        where prediction_features.segmentation = ?
        order by prediction_features.position
        """,
        [cluster_id, runner_up_cluster_id, segmentation],
    )


def reasons(figures: list[dict[str, Any]], assigned: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the figures that decided for a segment, the one that spoke most for it first."""
    by_feature = {row["feature"]: row for row in figures}
    deciding = (assigned["deciding_feature"], assigned["second_deciding_feature"])
    return [by_feature[feature] for feature in deciding if feature is not None]


def _with_reasons(database, row, texts) -> dict[str, Any]:
    if row["problem"] is not None:
        return row | {"reasons": []}
    figures = typical_figures(database, row["segmentation"], row["cluster_id"], row["runner_up_cluster_id"])
    for one in figures:
        one["value"] = float(texts[one["feature"]])
    return row | {"reasons": reasons(figures, row)}
