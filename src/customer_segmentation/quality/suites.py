"""Run Great Expectations suites on tables and return what they found as rows.

Great Expectations looks at the rows of a table in pandas. Of a table with more rows than that is meant for, SQL answers
what it can over all of them (`quality.exact_expectations`), and Great Expectations the rest on a sample.
"""

import json
import logging
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from customer_segmentation.errors import InputError
from customer_segmentation.quality.exact_expectations import exact_results
from customer_segmentation.warehouse.frames import limited_frame

SEVERITIES = ("critical", "warning")
EXAMPLES = 5  # unexpected values shown per expectation

DATA_QUALITY_RESULTS = {
    "suite": "varchar",
    "relation": "varchar",
    "position": "integer",
    "column_name": "varchar",
    "expectation": "varchar",
    "severity": "varchar",
    "success": "boolean",
    "is_sample": "boolean",
    "observed_value": "varchar",
    "element_count": "bigint",
    "unexpected_count": "bigint",
    "unexpected_examples": "varchar",
    "why": "varchar",
}


def load_suites(*folders: str | Path) -> list[dict[str, Any]]:
    """Read the suites of folders, one YAML file per relation.

    Parameters
    ----------
    *folders : str or Path
        Folders with files named `<relation>.yml`: one for what every project has, one for each dataset.

    Returns
    -------
    list of dict
        `name`, `relation`, `expectations` (each with `type`, `kwargs`, `severity`, `meta.why`) and the `file`.

    Raises
    ------
    InputError
        If there is no suite, or one is not of this form.
    """
    files = [file for folder in folders for file in sorted(Path(folder).glob("*.yml"))]
    if not files:
        raise InputError(
            f"No quality suite in '{folders[0]}'. Expected one .yml file per relation. Run dbt at the project root."
        )
    suites = []
    for file in files:
        try:
            suite = yaml.safe_load(file.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise InputError(f"{file} is not valid YAML: {error}") from None
        missing = [
            key for key in ("name", "relation", "expectations") if not (isinstance(suite, dict) and suite.get(key))
        ]
        if missing:
            raise InputError(
                f"{file}: {', '.join(missing)} missing. Expected name, relation and a list of expectations."
            )
        for position, expectation in enumerate(suite["expectations"], start=1):
            _check_expectation(f"{file}, expectation {position}", expectation)
        suites.append(suite | {"file": str(file)})
    return suites


def asked_suites(suites: list[dict[str, Any]], columns_found: set[str]) -> list[dict[str, Any]]:
    """Leave out the expectations about columns that the inputs do not have.

    A warning that half of the ages are unknown does not help where customers never told their age.

    Parameters
    ----------
    suites : list of dict
        As `load_suites` returns them. An expectation may name in `meta.asked_if` the column of an input that it is
        about, as `input.column`; it is asked only if the input has the column.
    columns_found : set of str
        Columns that the inputs have, as `input.column`.

    Returns
    -------
    list of dict
        The suites without these expectations.
    """
    return [
        suite
        | {
            "expectations": [
                expectation
                for expectation in suite["expectations"]
                if expectation["meta"].get("asked_if") in {None, *columns_found}
            ]
        }
        for suite in suites
    ]


def run_suites(
    suites: list[dict[str, Any]],
    relations: Mapping[str, Any],
    rows: int,
    now: Callable[[str], None] = lambda step: None,
) -> pd.DataFrame:
    """Validate each suite on its relation.

    Parameters
    ----------
    suites : list of dict
        As `load_suites` returns them.
    relations : mapping of str to DuckDBPyRelation
        A table for each relation that a suite names.
    rows : int
        Largest number of rows that are read into memory. Of a larger relation SQL looks at all rows; an expectation
        that it cannot answer is judged by a sample of so many.
    now : callable
        Is told which suite is next, in words.

    Returns
    -------
    DataFrame
        One row per expectation, in the order of the suites, with the columns of `DATA_QUALITY_RESULTS`. An expectation
        that could not be evaluated (its column is missing, say) has failed, with the error as observed value.

    Raises
    ------
    InputError
        If a suite names a relation that is not there, or an expectation that Great Expectations cannot build.
    """
    for logger in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    context = _context()
    source = context.data_sources.add_pandas("warehouse")
    results = []
    for number, suite in enumerate(suites, start=1):
        if suite["relation"] not in relations:
            raise InputError(
                f"{suite['file']}: relation '{suite['relation']}' is not handed to the suites. Expected one of "
                f"{', '.join(sorted(relations))}; add it to python_models/quality/data_quality_results.py."
            )
        now(f"{suite['relation']}, table {number} of {len(suites)}")
        results += _run_suite(context, source, suite, relations[suite["relation"]], rows)
    frame = pd.DataFrame(results, columns=list(DATA_QUALITY_RESULTS))
    # Columns that are empty throughout would lose their type.
    types = {"varchar": "string", "bigint": "Int64", "integer": "Int64", "boolean": "boolean"}
    return frame.astype({column: types[sql_type] for column, sql_type in DATA_QUALITY_RESULTS.items()})


def _check_expectation(place: str, expectation: Any) -> None:
    if not isinstance(expectation, dict) or not expectation.get("type"):
        raise InputError(f"{place}: no type. Expected type, kwargs, severity and meta: {{why: ...}}.")
    if expectation.get("severity") not in SEVERITIES:
        raise InputError(
            f"{place} ({expectation['type']}): severity is {expectation.get('severity')!r}, expected "
            f"{' or '.join(SEVERITIES)}."
        )
    meta = expectation.get("meta") or {}
    if not meta.get("why"):
        raise InputError(f"{place} ({expectation['type']}): no reason. Expected meta: {{why: ...}}.")
    cut_off = [key for key, value in meta.items() if value is None]
    if cut_off:
        raise InputError(
            f"{place} ({expectation['type']}): meta has '{cut_off[0]}' without a value, expected why: with the whole "
            "reason. A reason with a comma stands in quotes."
        )


def _context() -> Any:
    """Make a context that keeps everything in memory, writes no files, draws no progress bars and asks no network."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of a library it looks for, Spark, which nothing here uses
        import great_expectations as gx
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
        ),
    )


def _run_suite(context: Any, source: Any, suite: dict[str, Any], relation: Any, rows: int) -> list[dict[str, Any]]:
    configurations = _configurations(suite)
    is_large = relation.aggregate("count(*)").fetchall()[0][0] > rows
    exact = _exact(relation, configurations) if is_large else [None] * len(configurations)
    results = [
        _row(suite, configuration, found["success"], found, None, is_sample=False)
        for configuration, found in zip(configurations, exact, strict=True)
        if found
    ]
    rest = [configuration for configuration, found in zip(configurations, exact, strict=True) if not found]
    if rest:
        for one in _validated(context, source, suite["name"], rest, limited_frame(relation, rows)):
            found = one.result or {}
            results.append(
                _row(suite, one.expectation_config, one.success, found, _error(one.exception_info), is_sample=is_large)
            )
    return sorted(results, key=lambda row: row["position"])


def _configurations(suite: dict[str, Any]) -> list[Any]:
    """Have Great Expectations check the types and arguments of all expectations, in their order."""
    import great_expectations as gx

    declared = [
        # Great Expectations returns results grouped by column; the position leads back to the declaration.
        {**expectation, "meta": {**expectation["meta"], "position": position}}
        for position, expectation in enumerate(suite["expectations"], start=1)
    ]
    try:
        built = gx.ExpectationSuite(name=suite["name"], expectations=declared)
    except Exception as error:  # it raises errors of many kinds for a wrong argument
        raise InputError(f"{suite['file']}: an expectation cannot be built. {error}") from None
    kept = {one.meta["position"]: one.configuration for one in built.expectations if one.meta}
    for position, expectation in enumerate(suite["expectations"], start=1):
        if position not in kept:  # it drops what it does not know without a word
            raise InputError(f"{suite['file']}, expectation {position}: '{expectation['type']}' is not known.")
    return [kept[position] for position in sorted(kept)]


def _exact(relation: Any, configurations: list[Any]) -> list[dict[str, Any] | None]:
    return exact_results(
        lambda sql: relation.query("source", sql).fetchall(),
        dict(zip(relation.columns, map(str, relation.types), strict=True)),
        [(configuration.type, configuration.kwargs) for configuration in configurations],
        EXAMPLES,
    )


def _validated(context: Any, source: Any, name: str, configurations: list[Any], frame: pd.DataFrame) -> list[Any]:
    import great_expectations as gx

    suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=configurations))
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all rows")
    validation = gx.ValidationDefinition(name=name, data=batch, suite=suite)
    outcome = context.validation_definitions.add(validation).run(
        batch_parameters={"dataframe": frame},
        result_format={"result_format": "SUMMARY", "partial_unexpected_count": EXAMPLES},
    )
    return outcome.results


def _row(
    suite: dict[str, Any], configuration: Any, success: bool, found: dict[str, Any], error: str | None, is_sample: bool
) -> dict[str, Any]:
    kwargs = configuration.kwargs
    observed = found.get("observed_value")
    unexpected = found.get("unexpected_count")
    if observed is None:
        observed = error or (f"{unexpected} unexpected" if unexpected is not None else None)
    examples = found.get("partial_unexpected_list")
    return {
        "suite": suite["name"],
        "relation": suite["relation"],
        "position": configuration.meta["position"],
        "column_name": kwargs.get("column") or ", ".join(kwargs.get("column_list", [])) or None,
        "expectation": _sentence(configuration.type, kwargs),
        "severity": configuration.severity.value,
        "success": bool(success),
        "is_sample": is_sample,
        "observed_value": None if observed is None else str(observed),
        "element_count": found.get("element_count"),
        "unexpected_count": unexpected,
        "unexpected_examples": json.dumps(examples, default=str) if examples else None,
        "why": configuration.meta["why"],
    }


def _sentence(expectation: str, kwargs: dict[str, Any]) -> str:
    """Say an expectation in words: its type without underscores, and its arguments."""
    hidden = {"column", "column_list", "batch_id"}
    arguments = ", ".join(f"{key} {value}" for key, value in kwargs.items() if key not in hidden)
    return expectation.removeprefix("expect_").replace("_", " ") + (f" ({arguments})" if arguments else "")


def _error(exception_info: Any) -> str | None:
    """Find the message of an expectation that could not be evaluated; it comes in two shapes."""
    information = exception_info or {}
    nested = [value for value in information.values() if isinstance(value, dict)]
    for candidate in [information, *nested]:
        if candidate.get("raised_exception") or "exception_message" in candidate:
            message = candidate.get("exception_message")
            if message:
                return f"not evaluated: {message}"
    return None


def stop_on_critical_failures(results: pd.DataFrame) -> None:
    """Refuse to go on when a critical expectation was not met.

    Parameters
    ----------
    results : DataFrame
        As `run_suites` returns them.

    Raises
    ------
    InputError
        If an expectation of severity `critical` was not met, with the first of them in words.
    """
    failed = results[(results["severity"] == "critical") & ~results["success"].astype(bool)]
    if len(failed):
        first = failed.iloc[0]
        raise InputError(
            f"{len(failed)} critical expectations are not met, so nothing is published. The first: {first['relation']} "
            f"{first['column_name'] or ''}: expected {first['expectation']}, found {first['observed_value']}. Fix the "
            "input, or change the suite in quality/ and say why."
        )
