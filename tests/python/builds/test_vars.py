"""A var that cannot be what it is stops the build, before it becomes part of any SQL."""

import re
from datetime import date

import jinja2
import pytest
import yaml

from helpers.macro_files import macro_source
from helpers.projects import ROOT

PROJECT = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
MACROS = ["stop_on_var", "check_number", "names_in_var", "check_vars"]
# checked by the macro that alone reads them
ELSEWHERE = {
    "generated_retail_customers",
    "currency",
    "evidence",
    "memory_limit",
    "spill_limit",
    "database_threads",
    "spill_folder",
}


def stopped(**variables) -> str:
    """Render the macro as dbt does, and return the message with which it stops, or nothing."""

    class CompilationError(Exception):
        pass

    class Exceptions:
        def raise_compiler_error(self, message):
            raise CompilationError(message)

    class Modules:
        import re

    returned = []
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    values = PROJECT | variables

    def give_back(value):
        returned.append(value)
        return ""

    template = environment.from_string(
        macro_source(*MACROS) + "{% do check_vars() %}",
        globals={
            "modules": Modules,
            "exceptions": Exceptions(),
            "zip": zip,
            # what a macro returns is a list; Jinja alone would make it a text
            "dataset_inputs": lambda: [{"input": f"{name}_customers"} for name in values["datasets"]],
            "return": give_back,
            "var": lambda name, default=None: values.get(name, default),
        },
    )
    try:
        template.render()
    except CompilationError as error:
        return str(error)
    return ""


def numbers() -> list[str]:
    return re.findall(r"'(\w+)': \[", macro_source("check_vars"))


def test_the_vars_of_the_project_are_fine():
    assert stopped() == ""


def test_every_var_that_sql_or_a_model_reads_is_checked():
    files = [
        path
        for folder in ("models", "macros", "python_models", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".sql", ".yml") and "python" not in path.relative_to(ROOT / folder).parts
    ]
    read = {name for path in files for name in re.findall(r"\bvar\(['\"](\w+)['\"]", path.read_text(encoding="utf-8"))}
    others = {
        "datasets", "datasets_with_purchases", "datasets_with_outcomes", "published_folder", "history_folder", "history_months", "as_of_date", "refit", "locale", "keep_model", "evidence_repetitions", "exact_points", "transaction_currency",
        "fallback_segmentations", "sales_customers", "retail_customers", "retail_campaign_outcomes",
    }  # fmt: skip
    assert read - set(numbers()) - others - ELSEWHERE == set()
    assert len(read) > 30


NO_NUMBERS = ["a word", "", None, True, [1], -1, "0.1 or true", "1; drop table x", float("nan"), float("inf"), " 1"]
WITHOUT_HIGHEST = ("trait_value_tolerance", "persona_match_good", "persona_match_fair", "drift_large")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in numbers() for value in NO_NUMBERS),
        *((name, 1e300) for name in numbers() if name not in WITHOUT_HIGHEST),
    ],
)
def test_a_number_that_is_none(name, value):
    message = stopped(**{name: value})
    assert message.startswith(f"The var {name} is "), message
    assert "Expected a" in message
    assert message.endswith("Correct it in dbt_project.yml or where you pass it with --vars.")


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"borderline_margin": 2}, "The var borderline_margin is '2'. Expected a number from 0 to 1."),
        ({"kmeans_starts": 2.5}, "The var kmeans_starts is '2.5'. Expected a whole number from 1 to 1000000."),
        ({"persona_match_good": 3}, "The var persona_match_good is '3'. Expected at most that of persona_match_fair, 1.0."),
        ({"datasets": "mall"}, "The var datasets is 'mall'. Expected a list of names"),
        ({"datasets": None}, "The var datasets is empty. Expected a list of names"),
        ({"datasets": [1]}, "The var datasets is '1'. Expected a list of names"),
        ({"datasets": ["mall", "mall"]}, "The var datasets is '['mall', 'mall']'. Expected a list of names"),
        ({"datasets_with_outcomes": "retail"}, "The var datasets_with_outcomes is 'retail'. Expected a list of names"),
        ({"datasets_with_purchases": ["mall_customers", "x; drop"]}, "The var datasets_with_purchases is 'mall_customers, x; drop'. Expected a list of names"),
        ({"mall_customers": ["a.csv"]}, "The var mall_customers is '['a.csv']'. Expected a file, a glob or a table in quotes"),
        ({"exact_points": "yes"}, "The var exact_points is 'yes'. Expected true or false."),
        ({"transaction_currency": 5}, "The var transaction_currency is '5'. Expected a currency such as EUR"),
        ({"fallback_segmentations": "retail_rfm"}, "The var fallback_segmentations is 'retail_rfm'. Expected a list"),
        ({"fallback_segmentations": [1]}, "The var fallback_segmentations is '[1]'. Expected a list"),
        ({"retail_customers": 5}, "The var retail_customers is '5'. Expected a file"),
        ({"published_folder": 1}, "The var published_folder is '1'. Expected the folder"),
        ({"history_folder": 1}, "The var history_folder is '1'. Expected the folder"),
        ({"history_folder": " "}, "The var history_folder is ' '. Expected the folder"),
        ({"refit": "no"}, "The var refit is 'no'. Expected always, when_drifted, never, or null for what segmentations.csv"),
        ({"locale": "fr"}, "The var locale is 'fr'. Expected en or de, with or without a country, such as en_GB or de_CH."),
        ({"locale": None}, "The var locale is empty. Expected en or de"),
        ({"refit": False}, "The var refit is 'False'. Expected always"),
        ({"keep_model": True}, "The var keep_model is 'True'. Expected no such var: `refit: never` keeps the models."),
        ({"history_months": 0}, "The var history_months is '0'. Expected a whole number from 1 to 12000"),
        ({"history_months": "a year"}, "The var history_months is 'a year'. Expected a whole number from 1 to 12000"),
        ({"published_folder": " "}, "The var published_folder is ' '. Expected the folder"),
        ({"as_of_date": "2024-02-30"}, "The var as_of_date is '2024-02-30'. Expected a date such as 2024-12-31"),
        ({"as_of_date": "2023-02-29"}, "The var as_of_date is '2023-02-29'. Expected a date"),
        ({"as_of_date": "2024-12-31\n"}, "The var as_of_date is '2024-12-31\n'. Expected a date"),
        ({"as_of_date": 0}, "The var as_of_date is '0'. Expected a date"),
        ({"evidence_repetitions": 5}, "The var evidence_repetitions is '5'. Expected full, fast and none, each with"),
        (
            {"evidence_repetitions": PROJECT["evidence_repetitions"] | {"fast": {"bootstraps": "many"}}},
            "The var evidence_repetitions, fast, segment_bootstraps is empty. Expected a whole number",
        ),
    ],
)  # fmt: skip
def test_other_values_that_cannot_be(variables, message):
    assert stopped(**variables).startswith(message)


@pytest.mark.parametrize(
    "variables",
    [
        {"borderline_margin": "0.2"},
        {"borderline_margin": 0},
        {"pass_tolerance": 1e-7},
        {"as_of_date": date(2024, 2, 29)},
        {"as_of_date": ""},
        {"mall_customers": "crm.customers"},
        {"datasets": ["mall", "cafe_2"]},
    ],
)
def test_values_that_can_be(variables):
    assert stopped(**variables) == ""


def test_dbt_stops_before_it_reads_anything(rebuilt):
    rebuilt.assert_stopped_plainly(
        "The var borderline_margin is '0.1 or true'. Expected a number from 0 to 1.",
        command="run",
        arguments=["--select", "mall_customers", "--vars", "{borderline_margin: 0.1 or true}"],
    )
