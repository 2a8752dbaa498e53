"""Measure an experiment with 10 million customers, and the lifetime values of a million.

Prints a table; run with `make benchmark`. Every step is the model itself: its compiled SQL, or the file of a Python
model with what dbt would hand to it. Customers are synthetic. `python benchmarks/benchmark_campaigns.py 1000000 100000`
takes other numbers of customers.
"""

import json
import runpy
import statistics
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import duckdb
from measured import DBT, Taken, copy_project, in_a_process, run

MEMORY_LIMIT = "4GB"
REPETITIONS = 3
ASSIGNMENT = [
    "planned_experiments",
    "experiment_draws",
    "experiment_enrolments",
    "campaign_assignments",
    "experiment_audiences",
]
AGGREGATES = ["campaign_aggregates"]
EFFECTS = ["campaign_effects", "experiment_plans", "budget_plan"]
PATTERNS = ["purchase_patterns", "amount_patterns"]
FITTED = ["lifetime_value_fits", "lifetime_value_scores"]
VALUES = ["customer_lifetime_value"]
ORDERS_OF_A_CUSTOMER = 14  # as the synthetic retailer has in its two years, one row each
# The day before the example's experiment starts: every customer in one of three personas, one in a hundred suppressed,
# with the purchases of two years before and those of the window.
DRAWN = """
    create schema if not exists staging;
    create schema if not exists marts;
    create schema if not exists recorded;
    create schema if not exists history;
    create schema if not exists intermediate;

    create table recorded.build_days as
    select 'retail' as dataset, date '2024-12-31' as day;

    create table staging.as_of_dates as
    select 'retail' as dataset, date '2024-12-31' as as_of_date;

    create table marts.personas as
    select
        'retail_personas' as segmentation,
        'retail_personas:' || range as segment_key,
        cast(range as int) as segment_id,
        'persona_' || range as persona_id,
        'Persona ' || range as persona
    from range(1, 4);

    create table recorded.recorded_enrolments (
        experiment varchar, dataset varchar, day date, segmentation varchar, customer_id varchar, persona_id varchar,
        persona varchar, segment_id int, segment_key varchar, arm varchar, left_out_because varchar,
        campaign_id varchar, starts_on date, ends_on date, control_share double, outcome varchar, salt varchar
    );

    create table marts.customer_campaigns as
    select
        'retail_personas' as segmentation,
        'retail' as dataset,
        'R' || lpad(cast(range as varchar), 8, '0') as customer_id,
        'retail_personas:' || 1 + hash(range) % 3 as segment_key,
        case when hash(range, 1) % 100 = 0 then 'suppressed' end as no_contact_because
    from range({customers});

    create table staging.stg_retail__transactions as
    select
        'R' || lpad(cast(hash(range) % {customers} as varchar), 8, '0') as customer_id,
        -- day by day, as a shop exports them
        date '2024-12-31' - cast(729 - range * 730 // {orders} as int) as transaction_date,
        cast(5 + hash(range, 2) % 9500 / 100.0 as decimal(18, 4)) as amount,
        cast(null as decimal(18, 4)) as refunded_amount,
        true as opens_order,
        'completed' as status
    from range({orders});

    create table staging.stg_retail__campaign_outcomes as
    select
        'R' || lpad(cast(hash(range, 3) % {customers} as varchar), 8, '0') as customer_id,
        'retail_new_year' as experiment,
        cast(null as varchar) as outcome,
        date '2025-01-01' + cast(hash(range, 4) % 31 as int) as outcome_date,
        cast(5 + hash(range, 5) % 9500 / 100.0 as decimal(18, 4)) as amount
    from range({outcomes});
"""


class Models:
    """The models of a copy of the project, compiled."""

    def __init__(self, folder: Path, settings: list[str], names: list[str]) -> None:
        run([DBT, "compile", "--select", *names, *settings], folder)
        self._folder = folder
        manifest = json.loads((folder / "target/manifest.json").read_text())
        self._nodes = {node["name"]: node for node in manifest["nodes"].values()}
        # read here, so that no step is charged with loading the libraries
        self._functions = {
            name: runpy.run_path(str(folder / self._nodes[name]["original_file_path"]))["model"]
            for name in names
            if self._nodes[name]["language"] == "python"
        }

    def _create(self, warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
        node = self._nodes[name]
        if node["language"] == "python":
            model = runpy.run_path(str(self._folder / node["original_file_path"]))["model"]
            warehouse.register("made", model(self._handed_over(warehouse, node), warehouse))
            query = "from made"
        else:
            query = (self._folder / node["compiled_path"]).read_text()
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        warehouse.execute(f"create or replace {kind} {node['relation_name']} as {query}")

    def _handed_over(self, warehouse: duckdb.DuckDBPyConnection, node: dict) -> SimpleNamespace:
        """Return what dbt hands to a Python model."""
        return SimpleNamespace(
            ref=lambda name: warehouse.sql(f"from {self._nodes[name]['relation_name']}"),
            config=SimpleNamespace(get=node["config"].get),
        )

    def build(self, names: list[str]) -> Taken:
        """Make tables of some models, one after the other in a process of their own."""

        def make(warehouse: duckdb.DuckDBPyConnection) -> None:
            for name in names:
                self._create(warehouse, name)

        return in_a_process(self._folder / "warehouse.duckdb", make, memory_limit=MEMORY_LIMIT)


def printed(models: Models, steps: dict[str, list[str]]) -> None:
    """Build each step several times in turns, and print what it took."""
    taken: dict[str, list[Taken]] = {label: [] for label in steps}
    for _ in range(REPETITIONS):
        for label, names in steps.items():
            taken[label].append(models.build(names))
    for label, runs in taken.items():
        seconds, processor, megabytes = zip(*runs, strict=True)
        print(
            f"{label:<48}{statistics.median(seconds):>10.2f}{statistics.median(processor):>14.2f}"
            f"{max(megabytes):>10,.0f}",
            flush=True,
        )


def measure_campaigns(folder: Path, customers: int) -> None:
    """Draw the customers of an experiment, then assign them, add up what they bought, and estimate the effects."""
    copy_project(folder)
    run([DBT, "seed"], folder)
    sizes = {"customers": customers, "orders": ORDERS_OF_A_CUSTOMER * customers, "outcomes": customers // 2}
    with duckdb.connect(str(folder / "warehouse.duckdb"), config={"memory_limit": MEMORY_LIMIT}) as warehouse:
        warehouse.execute(DRAWN.format(**sizes))
    models = Models(folder, [], [*ASSIGNMENT, *AGGREGATES, *EFFECTS])
    heading(f"experiment, {customers:,} customers, {sizes['orders']:,} orders")
    steps = {"assignment": ASSIGNMENT, "aggregates": AGGREGATES, "effects, plan and budget": EFFECTS}
    printed(models, steps)


def measure_values(folder: Path, customers: int) -> None:
    """Take the synthetic retailer to its features, then fit the models of lifetime values and score every customer."""
    copy_project(folder)
    settings = ["--vars", f"{{generated_retail_customers: {customers}, memory_limit: {MEMORY_LIMIT}}}"]
    run([DBT, "seed", *settings], folder)
    run([DBT, "run", "--select", "+purchase_states", *settings], folder)
    models = Models(folder, settings, [*PATTERNS, *FITTED, *VALUES])
    heading(f"lifetime value, {customers:,} customers")
    printed(models, {"patterns": PATTERNS, "fit and scores of patterns": FITTED, "values of customers": VALUES})


def heading(title: str) -> None:
    """Print the heading of a table."""
    print(f"\n{title:<48}{'median s':>10}{'processor s':>14}{'peak MB':>10}", flush=True)


def main() -> None:
    """Measure both, each in a copy of the project."""
    asked = [int(number) for number in sys.argv[1:]]
    customers_of_campaigns, customers_with_values = asked or [10_000_000, 1_000_000]
    print(f"median of {REPETITIONS}, 2 threads, memory_limit {MEMORY_LIMIT}")
    with tempfile.TemporaryDirectory() as name:
        measure_campaigns(Path(name), customers_of_campaigns)
    with tempfile.TemporaryDirectory() as name:
        measure_values(Path(name), customers_with_values)


if __name__ == "__main__":
    main()
