"""Publications of invented customers: any names, any number of segments and features, and every table that is read.

The tables have the columns and types of their contracts; what is not given here is empty.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from customer_segmentation.formatting import title_of
from helpers import warm_start
from helpers.contracts import contracts
from helpers.projects import started_warm
from helpers.small_predictions import create_prediction_macros

ROOT = Path(__file__).resolve().parents[3]
COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
    "#7f3c8d", "#6b6b00", "#a6761d", "#3b3b98", "#8c2d04", "#1b7837",
)  # fmt: skip
UNITS = {"age": "years", "annual_income_k": "k$"}
EVIDENCE = (
    "feature_summary", "feature_histograms", "feature_correlations", "feature_relationships", "category_counts",
    "category_profiles", "category_effects", "segment_distributions", "k_selection", "k_recommendation", "fit_optima",
    "alternative_segments", "segment_stability", "algorithm_comparison", "segment_rules", "principal_components", "customer_components",
    "customer_silhouettes", "segment_crosswalk", "segmentation_agreement", "published_result_checks",
)  # fmt: skip
# filled by the test that looks at them; on the first day nothing has moved
MOVEMENT = (
    "segment_sizes", "segment_changes", "segment_migrations", "segment_movers", "segment_history", "monthly_migrations",
    "drift_checks", "refit_comparisons",
)  # fmt: skip
EXPERIMENTS = ("campaign_assignments", "campaign_effects", "experiment_audiences")
PUBLISHED_AT = pd.Timestamp("2025-01-02 03:04:05")


@dataclass(frozen=True)
class Described:
    """A segmentation to make up; the dataset has the features of all its segmentations."""

    segmentation: str
    dataset: str
    personas: tuple[str, ...]
    features: tuple[str, ...] = ("age", "annual_income_k", "spending_score")
    is_synthetic: bool = False
    customers: int = 150
    sizes: tuple[int, ...] = ()  # of the segments; as even as possible if not given
    is_example: bool = True
    exact_points: bool = False  # asked for
    smallest_cell: int = 5
    segmentation_name: str = ""  # the words of the key if not given, as of the dataset
    dataset_name: str = ""

    @property
    def cluster(self) -> np.ndarray:
        if self.sizes:
            return np.repeat(np.arange(len(self.sizes)) + 1, self.sizes)
        return np.arange(self.customers) * len(self.personas) // self.customers + 1


MALL = Described("mall_personas", "mall", ("Big Spenders", "Savers", "Steady Middle"))


def made_once(write: Callable[..., Path]) -> Callable[..., Path]:
    """Write a publication once for all tests that ask for the same; each gets a copy."""
    made: dict[tuple, Path] = {}
    folder = tempfile.TemporaryDirectory()

    @functools.wraps(write)
    def copied(path: Path, *described: Described, **options) -> Path:
        asked = (path.name, described, *options.items())
        if asked not in made:
            made[asked] = write(Path(folder.name) / f"{len(made)}" / path.name, *described, **options)
        path.parent.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(made[asked], path))

    return copied


@made_once
def publish(path: Path, *described: Described, evidence: bool = True) -> Path:
    """Write a publication with these segmentations, with empty tables of evidence if none is wanted."""
    tables: dict[str, list[pd.DataFrame]] = {}

    def add(name, rows, is_wanted=True, **constants):
        frame = pd.DataFrame(rows).assign(**constants)
        tables.setdefault(name, []).append(frame if is_wanted else frame.iloc[:0])

    described = described or (MALL,)
    for dataset in dict.fromkeys(one.dataset for one in described):
        segmentations = [one for one in described if one.dataset == dataset]
        customers = _customers(segmentations)
        _add_dataset(add, segmentations[0], customers)
        for one in segmentations:
            _add_segmentation(add, one, customers, is_default=one is segmentations[0])
            _add_evidence(add, one, customers)
            for other in segmentations:
                _add_pair(add, one, other)
    add(
        "published_result_checks",
        {
            "dataset": ["mall"], "claimed": ["Five segments"], "feature_set": "age_income_spending", "scaling": "standard", "k": 5,
            "figure": "inertia", "published_value": 65.57, "best_value": 65.568,
            "nearest_value": 65.568, "verdict": "confirmed", "explanation": "It is the inertia of the best optimum.",
        },
    )  # fmt: skip
    # what may stand beside a number is the same for everybody, and so are the grades of stability
    add("grades", pd.read_csv(ROOT / "seeds/judgement/stability_grades.csv"))
    add("accepted_notations", pd.read_csv(ROOT / "seeds/judgement/input_notations.csv").fillna({"column_name": ""}))
    for name in (*MOVEMENT, *EXPERIMENTS):
        add(name, {"segmentation": []})
    counts = [sum(map(len, frames)) for frames in tables.values()]
    add(
        "published_tables",
        {"table_name": list(tables), "description": "One row per `thing`. It is made up.", "row_count": counts},
        published_at=PUBLISHED_AT, table_group="things", grain="One row per `thing`", key_columns="thing",
        is_start_here=[name in ("segments", "datasets") for name in tables],
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as database:
        for name, frames in tables.items():
            frame = pd.concat(frames, ignore_index=True)  # noqa: F841 - read by DuckDB
            none = "where false" if name in EVIDENCE and not evidence else ""
            # features are invented, so their tables are not those of the examples
            if name in contracts() and not name.endswith("_customer_features"):
                columns = ", ".join(f"{column} {data_type}" for column, data_type in contracts()[name].items())
                database.execute(f"create table {name} ({columns})")
                # a column that the contract does not have is a mistake here
                database.execute(f"insert into {name} by name from frame {none}")
            else:
                database.execute(f"create table {name} as from frame {none}")
        create_prediction_macros(database)
        if not evidence:
            database.execute("update segments set stability_grade = null, bootstrap_jaccard = null")
    return path


def emptied(path: Path, *names: str) -> Path:
    """Take all rows out of these tables, or out of every table; return the path."""
    with duckdb.connect(str(path)) as database:
        tables = database.execute("select table_name from duckdb_tables()").fetchall()
        for name in names or [name for (name,) in tables]:
            database.execute(f"delete from {name}")
    return path


def run_command(
    command: str, published: Path | None = None, folder: Path | None = None, *, fresh: bool = False
) -> subprocess.CompletedProcess:
    """Make pictures, report, slides or site of a publication as a user would; in a fresh interpreter if asked for."""
    options = {"--published": published, "--folder": folder}
    given = [str(part) for option, value in options.items() if value for part in (option, value)]
    arguments = ["-m", "customer_segmentation.cli.main", command, *given]
    if fresh or not warm_start.AVAILABLE:
        return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    with started_warm().start(arguments, cwd=Path.cwd(), env=dict(os.environ)) as run:
        output, errors = run.communicate()
    return subprocess.CompletedProcess(run.args, run.returncode, output, errors)


def _label(feature):
    return {
        "feature": feature,
        "label": feature.removesuffix("_k").replace("_", " "),
        "unit": UNITS.get(feature, "points"),
    }


def _customers(segmentations) -> pd.DataFrame:
    """Draw customers around twelve centres on a circle, so that segments differ in every feature."""
    count = segmentations[0].customers
    random = np.random.default_rng(7)
    angle = 2 * np.pi * (np.arange(count) * 12 // count) / 12
    features = dict.fromkeys(feature for one in segmentations for feature in one.features)
    return pd.DataFrame(
        {
            **{
                feature: np.round(50 + 25 * np.cos(angle + position) + random.normal(0, 4, count))
                for position, feature in enumerate(features)
            },
            "customer_id": [f"C{number:04d}" for number in range(count)],
            "gender": np.array(["female", "male"])[np.arange(count) % 2],
            "town": np.array(list("abcdefghijklmn"))[np.arange(count) % 14],
        }
    )


def _boxes(values, by) -> pd.DataFrame:
    boxes = values.groupby(by).quantile([0.05, 0.25, 0.5, 0.75, 0.95]).unstack()
    return boxes.set_axis(["lower_whisker", "p25", "median", "p75", "upper_whisker"], axis=1).reset_index(names="by")


def _add_dataset(add, one, customers) -> None:
    count, key = len(customers), {"dataset": one.dataset}
    features = list(customers.columns[:-3])
    add(f"{one.dataset}_customer_features", customers)
    add(
        "datasets",
        [{"dataset_name": one.dataset_name or title_of(one.dataset), "origin": "data/customers.csv", "input_rows": count + 4, "rejected_rows": 4, "customers": count}],
        is_synthetic=one.is_synthetic, as_of_date=pd.Timestamp("2024-12-31"), is_example=one.is_example,
        has_exact_points=one.is_example or one.exact_points,
        smallest_cell=np.int32(1 if one.is_example else one.smallest_cell), **key,
    )  # fmt: skip
    add(
        "rejected_rows",
        {
            "input": ["customers"] * 4, "row_number": range(1, 5), "customer_id": [f"R{number}" for number in range(1, 5)],
            "problem_column": "age", "reason": ["missing", "missing", "missing", "not a number"],
            "explanation": ["age: found nothing"] * 3 + ["age: found 'old'"],
            "raw_row": ["R1,,<b>50</b>", "R2,,60", "R3,,70", "R4,old,80"],
        },
        **key,
    )  # fmt: skip
    add(
        "input_columns",
        {
            "input": "customers", "origin": "data/customers.csv", "position": [1, 2], "column_found": ["Age", None],
            "read_as": "age", "note": ["as number", "not used"], "values_used": count, "values_rejected": 4,
            "input_rows": count + 4,
        },
        **key,
    )  # fmt: skip
    add(
        "data_quality_results",
        {
            "relation": f"{one.dataset}_customer_features", "column_name": "age", "expectation": "values are not null",
            "success": [True, False], "observed_value": "3 unexpected", "why": "Who has no age fits no segment.",
            "suite": f"{one.dataset}_customers", "position": [1, 2], "severity": "warning",
            "unexpected_examples": [None, '["old", "old", "<i>young</i>"]'],
        },
    )  # fmt: skip
    for category in ("gender", "town"):
        counts = customers[category].value_counts()
        counted = {
            "category_value": counts.index,
            "customers": counts.values,
            "share_of_customers": counts.values / count,
        }
        add("category_counts", counted, category=category, **key)
    for feature in features:
        values, label = customers[feature], _label(feature)
        summary = values.describe().set_axis(
            ["customers", "mean", "standard_deviation", "minimum", "p25", "median", "p75", "maximum"]
        )
        add("feature_summary", [label | dict(summary)], skewness=0.3, missing_values=0, outliers=2, **key)
        counts, edges = np.histogram(values, 10)
        bins = {"bin": range(1, 11), "lower_bound": edges[:-1], "upper_bound": edges[1:], "customers": counts}
        add("feature_histograms", bins, feature=feature, **key)
        for category in ("gender", "town"):
            boxes = _boxes(values, customers[category]).rename(columns={"by": "category_value"})
            add("category_profiles", boxes, category=category, feature=feature, **key)
            effect = {
                "eta_squared": 0.004,
                "p_value": 0.4,
                "effect": "negligible",
                "finding": "It says next to nothing",
            }
            add("category_effects", [effect], category=category, feature=feature, **key)
        for other in features:
            pair = {"feature": feature, "other_feature": other, **key}
            add(
                "feature_correlations",
                [{"pearson": -0.33, "spearman": -0.35, "customers": count}],
                feature < other,
                **pair,
            )
            add(
                "feature_relationships",
                {
                    "shape": ["linear", "quadratic"], "intercept": 70.0, "slope": -0.6,
                    "quadratic_coefficient": [None, 0.002], "r_squared": [0.11, 0.14], "p_value": [0.02, 0.0001],
                    "customers": count,
                },
                feature != other, **pair,
            )  # fmt: skip


def _grade(number) -> tuple[float, str]:
    place = (number - 1) % 5
    return round(0.95 - 0.11 * place, 3), ("stable", "usable", "doubtful", "dissolved", "dissolved")[place]


def _add_segmentation(add, one, customers, *, is_default) -> None:
    count, key = one.customers, {"segmentation": one.segmentation}
    add(
        "segmentation_fits",
        [
            {
                "dataset": one.dataset, "segmentation_name": one.segmentation_name or title_of(one.segmentation),
                "is_default": is_default, "k": len(one.personas), "customers": count,
                "inertia": 65.5, "best_known_inertia": 65.5, "silhouette": 0.5546, "silhouette_customers": count,
                "initialisation": "best_of_starts", "fitted_at": PUBLISHED_AT,
                "starts": 100, "share_of_starts_at_best": 0.49,
            }
        ],
        **key,
    )  # fmt: skip
    add(
        "customer_segments",
        {
            "customer_id": customers["customer_id"], "cluster_id": one.cluster,
            "persona": np.array(one.personas)[one.cluster - 1], "margin": 0.4, "is_borderline": False,
            "runner_up_cluster_id": 1, "runner_up_persona": one.personas[0], "deciding_feature": one.features[0],
            "second_deciding_feature": None,
        },
        dataset=one.dataset, **key,
    )  # fmt: skip
    for number, persona in enumerate(one.personas, start=1):
        own = customers[one.cluster == number]
        jaccard, grade = _grade(number)
        segment = key | {"cluster_id": number, "persona": persona}
        add(
            "segments",
            [
                {
                    "colour": COLOURS[number - 1], "customers": len(own), "share_of_customers": len(own) / count,
                    "headline": f"Middle {_label(one.features[0])['label']}", "bootstrap_jaccard": jaccard,
                    "stability_grade": grade, "borderline_customers": 0,
                }
            ],
            **segment,
        )  # fmt: skip
        add(
            "personas",
            {
                "description": [f"What {persona} are like, in a sentence or two. They were believed to spend much."],
                "priority": number, "match_grade": "good",
                "contradicted_traits": "age: claimed high (at least 55 years), found 48" if number == 2 else None,
            },
            **segment,
        )  # fmt: skip
        add(
            "persona_trait_checks",
            [{"position": 1, "explanation": "age: claimed high (at least 55 years), found 48"}],
            feature="age", is_contradicted=number == 2, **segment,
        )  # fmt: skip
        add(
            "campaign_recommendations",
            {
                "campaign_id": [f"campaign_{number}_{priority}" for priority in (1, 2)],
                "campaign": [f"Campaign {number}.{priority}" for priority in (1, 2)], "priority": [1, 2],
                "channel": "email", "offer": f"An offer that {persona} may like",
                "rationale": "They come regularly; more points turn the habit into loyalty", "assumed_cost": 1.5,
                "message": "Come in, and see", "assumed_cost_per_contact": 0.05, "cost_assumption": "Estimate: a fee",
                "currency": "$",
            },
            segmentation=one.segmentation, persona=persona,
        )  # fmt: skip
        add(
            "customer_campaigns",
            {
                "customer_id": customers["customer_id"][one.cluster == number], "campaign_id": f"campaign_{number}_1",
                "campaign": f"Campaign {number}.1", "channel": "email", "offer": f"An offer that {persona} may like",
            },
            dataset=one.dataset, segmentation=one.segmentation, persona=persona,
        )  # fmt: skip
        add(
            "segment_rules",
            [
                {
                    "rule_prose": "age over 1 years",
                    "rule_sql": "age > 1",
                    "customers": len(own),
                    "customers_caught": count,
                    "coverage": 0.95,
                    "purity": 0.9,
                    "fidelity": 0.93,
                }
            ],
            **segment,
        )
        add(
            "segment_stability",
            [
                {
                    "bootstrap_jaccard": jaccard, "bootstrap_jaccard_standard_error": 0.01, "stability_grade": grade,
                    "share_recovered": jaccard, "share_dissolved": 0.01, "bootstraps": 100, "customers": count,
                }
            ],
            **segment,
        )  # fmt: skip
        for feature in customers.columns[:-3]:
            mean, population = own[feature].mean(), customers[feature].mean()
            profile = {
                "mean": mean,
                "median": own[feature].median(),
                "population_mean": population,
                "population_median": customers[feature].median(),
                "index_to_population": 100 * mean / population,
            }
            add("segment_profiles", [_label(feature) | profile], customers=len(own), **segment)
        for position, feature in enumerate(one.features, start=1):
            centroid = {"position": position, "feature": feature, "transform": "none", "centroid": own[feature].mean()}
            add("cluster_centroids", [centroid], cluster_id=number, **key)
    for position, feature in enumerate(one.features, start=1):
        values = customers[feature]
        add(
            "prediction_features",
            [
                _label(feature)
                | {
                    "position": position, "decimals": 0, "transform": "none", "valid_minimum": 0.0,
                    "valid_maximum": 1000.0, "seen_minimum": values.min(), "seen_maximum": values.max(),
                    "typical_value": values.median(), "accepted_names": f"{feature}; {feature.title()}",
                }
            ],
            dataset=one.dataset, **key,
        )  # fmt: skip


def _add_evidence(add, one, customers) -> None:
    count, k, key = one.customers, len(one.personas), {"segmentation": one.segmentation}
    customer = {"customer_id": customers["customer_id"], "cluster_id": one.cluster}
    add("customer_silhouettes", customer, silhouette=np.linspace(-0.1, 0.8, count), **key)
    scaled = customers[list(one.features)].apply(lambda values: (values - values.mean()) / values.std())
    components = {
        f"component_{place}": scaled.iloc[:, place - 1] if place <= len(one.features) else np.nan for place in (1, 2, 3)
    }
    add("customer_components", customer | components, **key)
    for component in range(1, len(one.features) + 1):
        for position, feature in enumerate(one.features, start=1):
            loading = {"component": component, "position": position, "loading": 0.7 if component == position else 0.3}
            shares = {
                "share_of_variance": 1 / len(one.features),
                "cumulative_share_of_variance": component / len(one.features),
            }
            named = {"feature": feature, "label": _label(feature)["label"]}
            add("principal_components", [named | loading | shares], **key)
    for feature in customers.columns[:-3]:
        boxes = _boxes(customers[feature], one.cluster).rename(columns={"by": "cluster_id"})
        add("segment_distributions", boxes, feature=feature, **key)
    looked_at = {"fitted_on": "coreset", "coreset_rows": 300} if count > 500 else {"fitted_on": "all customers"}
    looked_at = {"customers": count, "coreset_rows": count} | looked_at
    tried = np.arange(2, 13)
    away = np.abs(tried - k)
    add(
        "k_selection",
        {
            "k": tried, "silhouette_customers": count, "resampling_customers": min(count, 200), "inertia": 400 / tried,
            "silhouette": 0.55 - 0.03 * away, "calinski_harabasz": 240.0 - 10 * away,
            "davies_bouldin": 0.6 + 0.03 * away, "gap": 0.6 - 0.02 * away, "gap_standard_error": 0.01,
            "prediction_strength": 1 - 0.08 * away, "prediction_strength_standard_error": 0.03,
            "bootstrap_jaccard": 0.9 - 0.05 * away, "bootstrap_jaccard_standard_error": 0.02,
            "worst_cluster_jaccard": 0.8 - 0.06 * away, "worst_cluster_jaccard_standard_error": 0.03,
            "is_recommended": away == 0, "is_in_use": away == 0,
        } | looked_at,
        **key,
    )  # fmt: skip
    # with one fewer the last two are together, with one more some customers of the last are in a cluster without a persona
    sizes = [int((one.cluster == number).sum()) for number in range(1, k + 1)]
    some = min(10, sizes[-1])
    for counts in ([[*sizes[:-2], sum(sizes[-2:])]] if k > 1 else []) + [sizes, [*sizes[:-1], sizes[-1] - some, some]]:
        number = len(counts)
        names = [*one.personas, None][:number]
        for feature in one.features:
            add(
                "alternative_segments",
                {
                    "cluster_id": range(1, number + 1), "persona": names, "customers": counts,
                    "share_of_customers": np.array(counts) / count, "mean": 30.0 + np.arange(number),
                    "match_distance": [None if name is None else 0.25 for name in names],
                },
                k=number, dataset=one.dataset, is_in_use=number == k, population_mean=30.0,
                **_label(feature), **key,
            )  # fmt: skip
    criteria = "elbow silhouette calinski_harabasz davies_bouldin gap prediction_strength bootstrap"
    sentence = f"Seven of seven criteria recommend {k} segments, and {k} are in use."
    add(
        "k_recommendation",
        [
            {f"{criterion}_k": k for criterion in criteria.split()}
            | {"agreeing_criteria": 7, "criteria": 7, "recommended_k": k, "k_in_use": k, "sentence": sentence}
        ],
        **key,
    )
    add(
        "fit_optima",
        {
            "optimum": [1, 2, 3], "inertia": [65.5, 66.8, 68.1], "excess_over_best": [0, 0.02, 0.04],
            "share_of_starts": [0.49, 0.3, 0.21], "customers_elsewhere": [0, 5, 10], "smallest_cluster": 12,
            "found_by": "starts", "is_in_use": [True, False, False],
        } | looked_at,
        **key,
    )  # fmt: skip
    add(
        "algorithm_comparison",
        {
            "algorithm": ["K-Means", "Gaussian mixture, full", "HDBSCAN"], "settings": f"k = {k}", "clusters": k,
            "noise_customers": [0, 0, 31], "noise_share": [0, 0, 0.2], "silhouette": [0.5546, 0.55, 0.58],
            "davies_bouldin": 0.57, "adjusted_rand_index": [1.0, 0.93, 0.7],
            "noise_handling": ["", "", "customers in thin regions are noise and get no segment"],
        },
        **key,
    )  # fmt: skip


def _add_pair(add, one, other) -> None:
    key = {"dataset": one.dataset, "segmentation": one.segmentation, "other_segmentation": other.segmentation}
    add("segmentation_agreement", [{"adjusted_rand_index": 0.61, "customers": one.customers}], one is not other, **key)
    both = pd.crosstab(one.cluster, other.cluster)
    add(
        "segment_crosswalk",
        [
            {
                "cluster_id": number, "persona": one.personas[number - 1], "other_cluster_id": other_number,
                "other_persona": other.personas[other_number - 1], "customers": both.loc[number, other_number],
                "share_of_segment": both.loc[number, other_number] / both.loc[number].sum(),
            }
            for number in both.index
            for other_number in both.columns
            if both.loc[number, other_number]
        ],
        one is not other,
        **key,
    )  # fmt: skip
