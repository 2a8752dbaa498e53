"""Measure the history of a million customers: what a build pays for it, and how large it becomes in a year.

The customers are synthetic, with whole numbers like those of the Mall Customers data, in three segmentations. Every
month some of them, drawn at random, swap their values with each other, so that about 5 % are in another segment while
the segments stay what they are; each build fits its models again. Prints tables; run with `make benchmark`.
`python benchmarks/benchmark_history.py 100000` takes another number of customers.
"""

import json
import sys
import tempfile
from calendar import monthrange
from pathlib import Path

import duckdb
from measured import DBT, copy_project, run

YEAR = 2024
MONTHS = 12
# of the customers who swap their values, about four in five come to another segment of five
SHARE_OF_SWAPS = 0.065
# what must be built again to record a day, once everything has been built
STEPS = ["--select", "+tables_to_record", "path:models/marts/movement", "recorded_days"]
ALL = ["build"]
DAY = ["build", "--indirect-selection", "cautious", *STEPS]
DAY_WITHOUT_TESTS = ["run", *STEPS]
RECORDING = ["/recorded/", "/history/"]
IDENTITY = {
    "segment_identities", "kept_segments", "recorded_overlaps", "fit_bins", "drift_counts", "drift_results",
    "drift_grades", "champions", "refit_plans", "refit_overlaps", "refit_decisions", "fit_fingerprints",
}  # fmt: skip
# those of models/marts/movement that are kept as the rows of a day; the others are the tables that people read
RECORDED = {"segment_events", "segment_states", "segment_successions", "model_clusters"}
SLOWEST = 8


class Year:
    """The builds of a year, in a folder of their own, of the same customers.

    Parameters
    ----------
    folder : Path
        An empty folder.
    customers : int
        Number of customers.
    """

    def __init__(self, folder: Path, customers: int) -> None:
        self._folder = folder
        copy_project(folder)
        self._drawn = duckdb.connect()
        self._drawn.execute(f"create table holders as select range as customer, range as drawn from range({customers})")
        self._write()

    def _write(self) -> None:
        drawn = [f"(hash(drawn * 8 + {draw}) / 18446744073709551616.0)" for draw in range(4)]
        self._drawn.execute(
            f"""
            copy (
                select
                    customer as "CustomerID",
                    case when {drawn[0]} < 0.56 then 'Female' else 'Male' end as "Gender",
                    cast(18 + floor(53 * {drawn[1]} * (0.4 + 0.6 * {drawn[2]})) as int) as "Age",
                    cast(15 + floor(-30 * ln({drawn[2]} + 0.0001)) as int) % 140 as "Annual Income (k$)",
                    cast(1 + floor(99 * {drawn[3]}) as int) as "Spending Score (1-100)"
                from holders
                order by customer
            ) to '{self._folder}/customers.parquet'
            """
        )

    def swap(self, month: int) -> None:
        """Let other customers each month swap their values."""
        self._drawn.execute(
            f"""
            create or replace table holders as
            with

            chosen as (
                select customer, drawn, hash(customer * {MONTHS + 1} + {month}) as place
                from holders
                where hash(customer * {MONTHS + 1} + {month}) / 18446744073709551616.0 < {SHARE_OF_SWAPS}
            ),

            swapped as (
                select
                    customer,
                    coalesce(lead(drawn) over (order by place), first_value(drawn) over (order by place)) as drawn
                from chosen
            )

            select customer, coalesce(swapped.drawn, holders.drawn) as drawn
            from holders left join swapped using (customer)
            """
        )
        self._write()

    def build(self, day: str, history: str | None = None, *, command: list[str] = DAY) -> dict[str, float]:
        """Build as of a day; return the seconds of each model, its tests included."""
        settings = {
            "datasets": ["mall"], "datasets_with_purchases": [], "mall_customers": f"{self._folder}/customers.parquet",
            "evidence": "none", "as_of_date": day, "history_folder": history,
        }  # fmt: skip
        run([DBT, *command, "--vars", json.dumps(settings)], self._folder)
        nodes = self._manifest()
        seconds: dict[str, float] = {}
        for result in json.loads((self._folder / "target/run_results.json").read_text())["results"]:
            node = nodes.get(result["unique_id"], {})
            model = nodes.get(node.get("attached_node") or "", node)
            if model.get("resource_type") == "model":
                seconds[model["name"]] = seconds.get(model["name"], 0.0) + result["execution_time"]
        return seconds

    def _manifest(self) -> dict[str, dict]:
        return json.loads((self._folder / "target/manifest.json").read_text())["nodes"]

    def kinds(self) -> dict[str, str]:
        """Tell the models of the history from each other: "recording" and "tables" by name."""
        kinds = {}
        for node in self._manifest().values():
            path, name = f"/{node['original_file_path']}", node["name"]
            if node["resource_type"] != "model":
                continue
            if name in IDENTITY | RECORDED or any(folder in path for folder in RECORDING):
                kinds[name] = "recording"
            elif "/marts/movement/" in path:
                kinds[name] = "tables"
        return kinds

    def megabytes(self, history: str = "history", day: str = "") -> float:
        """Add up the files of a history, or those of one day."""
        return sum(path.stat().st_size for path in (self._folder / history).rglob(f"{day}*.parquet")) / 1e6

    def published_megabytes(self) -> float:
        """Return the size of the published table that has a row for each of the customers, on any day."""
        return (self._folder / "published/customer_segments.parquet").stat().st_size / 1e6

    def moved(self) -> dict[str, float]:
        """Return the share of customers who are in another segment than on the day before, by segmentation."""
        with duckdb.connect(str(self._folder / "warehouse.duckdb"), read_only=True) as warehouse:
            return dict(
                warehouse.execute(
                    """
                    select segmentation, count(case when days_in_segment = 0 then changed_on end) / count(*)
                    from marts.customer_segments
                    group by segmentation
                    order by segmentation
                    """
                ).fetchall()
            )


def last_of_month(month: int) -> str:
    """Return the last day of a month."""
    return f"{YEAR}-{month:02}-{monthrange(YEAR, month)[1]}"


def report(label: str, seconds: dict[str, float], without: dict[str, float], kinds: dict[str, str]) -> None:
    """Print what the history added to a build, and where that goes."""
    recording = {name: spent for name, spent in seconds.items() if kinds.get(name) == "recording"}
    more = sum(spent - without[name] for name, spent in recording.items())
    reading = seconds["customer_segments"] - without["customer_segments"]
    recording["reading it in customer_segments"] = reading
    tables = {name: spent for name, spent in seconds.items() if kinds.get(name) == "tables"}
    print(
        f"\n{label}: recording and reading {sum(recording.values()):.1f} s, which is {more + reading:.1f} s more than "
        f"these models take without a history; tables {sum(tables.values()):.1f} s"
    )
    for name, spent in sorted((recording | tables).items(), key=lambda item: -item[1])[:SLOWEST]:
        print(f"  {name:<40}{spent:>6.1f}")


def main() -> None:
    """Build a year: a first day, one on which nothing has changed, and months in which customers move."""
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        year = Year(Path(name), customers)
        without = year.build(f"{YEAR}-01-30", "none", command=ALL)
        first = year.build(f"{YEAR}-01-30")
        kinds = year.kinds()
        first_day = year.megabytes()
        report(f"first day of {customers:,} customers", first, without, kinds)
        report("nothing has changed", year.build(last_of_month(1)), without, kinds)
        for month in range(2, MONTHS + 1):
            year.swap(month)
            is_told = month in (2, MONTHS)
            seconds = year.build(last_of_month(month), command=DAY if is_told else DAY_WITHOUT_TESTS)
            if is_told:
                report(f"month {month}", seconds, without, kinds)
                print(
                    "  moved: "
                    + ", ".join(f"{segmentation} {share:.1%}" for segmentation, share in year.moved().items())
                )
        year.build(last_of_month(MONTHS), "alone", command=DAY_WITHOUT_TESTS)
        whole, alone = year.megabytes(), year.megabytes("alone")
        print(
            f"\nthe history of {MONTHS} months has {whole:.1f} MB: {whole / alone:.2f} times the {alone:.1f} MB of a "
            f"history of the last month alone, {whole / first_day:.2f} times the {first_day:.1f} MB of the first day, "
            f"{whole / year.published_megabytes():.2f} times the {year.published_megabytes():.1f} MB of the published "
            "customer_segments.parquet"
        )


if __name__ == "__main__":
    main()
