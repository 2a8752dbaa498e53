"""Small publications made up for the tests of report and slides: any names, any number of segments and features."""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

COLOURS = [
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#7f3c8d",
    "#6b6b00",
    "#a6761d",
    "#3b3b98",
    "#8c2d04",
    "#1b7837",
]
LABELS = {
    "age": ("age", "years"),
    "annual_income_k": ("annual income", "k$"),
    "spending_score": ("spending score", "points"),
    "visits": ("visits", "a year"),
}


@dataclass(frozen=True)
class Described:
    """A segmentation to make up."""

    segmentation: str
    dataset: str
    personas: tuple[str, ...]
    features: tuple[str, ...] = ("age", "annual_income_k", "spending_score")
    is_synthetic: bool = False
    customers: int = 150


MALL = Described("mall_personas", "mall", ("Big Spenders", "Savers", "Steady Middle"))
EVIDENCE = [
    "feature_summary",
    "feature_histograms",
    "feature_correlations",
    "feature_relationships",
    "category_counts",
    "category_profiles",
    "category_effects",
    "segment_distributions",
    "k_selection",
    "k_recommendation",
    "fit_optima",
    "segment_stability",
    "algorithm_comparison",
    "segment_rules",
    "principal_components",
    "customer_components",
    "customer_silhouettes",
    "segment_crosswalk",
    "segmentation_agreement",
    "published_result_checks",
]


def publish_small(path: Path, *described: Described, evidence: bool = True) -> Path:
    """Write a publication with these segmentations, with empty tables of evidence if none is wanted."""
    described = described or (MALL,)
    tables: dict[str, list[pd.DataFrame]] = {}
    for one in described:
        for name, frame in _segmentation_tables(one).items():
            tables.setdefault(name, []).append(frame)
    datasets: dict[str, Described] = {}
    for one in described:
        before = datasets.get(one.dataset, one)
        features = tuple(dict.fromkeys((*before.features, *one.features)))
        datasets[one.dataset] = replace(before, features=features)
    for one in datasets.values():
        for name, frame in _dataset_tables(one).items():
            tables.setdefault(name, []).append(frame)
    for name, frame in _pair_tables(described).items():
        tables.setdefault(name, []).append(frame)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as database:
        for name, frames in tables.items():
            frame = pd.concat(frames, ignore_index=True)
            database.execute(f"create table {name} as from frame")
            if name in EVIDENCE and not evidence:
                database.execute(f"delete from {name}")
        if not evidence:
            database.execute("update segments set stability_grade = null, bootstrap_jaccard = null")
        rows = [
            (name, "One row per row.", sum(map(len, frames)), len(frames[0].columns)) for name, frames in tables.items()
        ]
        published = pd.DataFrame(rows, columns=["table_name", "description", "row_count", "column_count"])
        published["published_at"] = pd.Timestamp("2025-01-02 03:04:05")
        database.execute("create table published_tables as from published")
    return path


def _customers(one: Described):
    """Draw customers around centres that lie on a circle, so that segments differ in every feature."""
    generator = np.random.default_rng(7)
    cluster = np.sort(np.arange(one.customers) % len(one.personas))
    angle = 2 * np.pi * cluster / len(one.personas)
    columns = {
        feature: np.round(50 + 25 * np.cos(angle + position) + generator.normal(0, 4, one.customers))
        for position, feature in enumerate(one.features)
    }
    return cluster + 1, pd.DataFrame(columns)


def _segmentation_tables(one: Described) -> dict[str, pd.DataFrame]:
    cluster, values = _customers(one)
    k = len(one.personas)
    key = {"segmentation": one.segmentation}
    ids = [f"C{number:04d}" for number in range(one.customers)]
    persona_of = dict(enumerate(one.personas, start=1))
    grades = ["stable", "usable", "doubtful", "dissolved"]
    jaccard = {number: round(0.95 - 0.11 * ((number - 1) % 5), 3) for number in persona_of}
    grade = {number: grades[min((number - 1) % 5, 3)] for number in persona_of}
    size = {number: int((cluster == number).sum()) for number in persona_of}

    def per_segment(row):
        return pd.DataFrame([key | {"cluster_id": n, "persona": p} | row(n, p) for n, p in persona_of.items()])

    segments = per_segment(
        lambda n, p: {
            "dataset": one.dataset,
            "colour": COLOURS[n - 1],
            "customers": size[n],
            "share_of_customers": size[n] / one.customers,
            "borderline_customers": n % 3,
            "headline": ", ".join(
                f"middle {LABELS[f][0]} ({values[f][cluster == n].mean():.0f} {LABELS[f][1]})" for f in one.features
            ).capitalize(),
            "is_synthetic": one.is_synthetic,
            "bootstrap_jaccard": jaccard[n],
            "stability_grade": grade[n],
        }
    )
    personas = per_segment(
        lambda n, p: {
            "persona_id": f"persona_{n}",
            "colour": COLOURS[n - 1],
            "description": f"What {p} are like, in a sentence or two that people wrote. They were believed to spend much.",
            "priority": n,
            "match_distance": 0.1 * n,
            "match_grade": "good" if n < 3 else "fair",
            "contradicted_traits": "age: said to be high (at least 55 years), found 48" if n == 2 else None,
            "bootstrap_jaccard": jaccard[n],
            "stability_grade": grade[n],
        }
    )
    campaigns = pd.DataFrame(
        [
            key
            | {
                "persona": p,
                "campaign_id": f"campaign_{n}_{priority}",
                "campaign": f"Campaign {n}.{priority}",
                "channel": "email",
                "offer": f"An offer that {p} may like",
                "message": "Come and see, it is only this week.",
                "priority": priority,
                "rationale": "They come regularly; more points turn the habit into loyalty",
                "customers": size[n],
                "assumed_cost_per_contact": 0.02,
                "assumed_cost": 0.02 * size[n],
                "cost_assumption": "Estimate: list price",
            }
            for n, p in persona_of.items()
            for priority in (1, 2)
        ]
    )
    fits = pd.DataFrame(
        [
            key
            | {
                "dataset": one.dataset,
                "model_version": "0123456789ab",
                "scaling": "standard",
                "initialisation": "best_of_starts",
                "k": k,
                "customers": one.customers,
                "inertia": 65.5,
                "best_known_inertia": 65.5,
                "silhouette": 0.5546,
                "silhouette_customers": one.customers,
                "iterations": 6,
                "starts": 100,
                "share_of_starts_at_best": 0.49,
                "fitted_at": pd.Timestamp("2025-01-02 03:04:05"),
            }
        ]
    )
    profiles = pd.DataFrame(
        [
            key
            | {
                "cluster_id": n,
                "persona": p,
                "feature": feature,
                "label": LABELS[feature][0],
                "unit": LABELS[feature][1],
                "customers": size[n],
                "mean": part.mean(),
                "median": part.median(),
                "p10": part.quantile(0.1),
                "p90": part.quantile(0.9),
                "min": part.min(),
                "max": part.max(),
                "population_mean": values[feature].mean(),
                "index_to_population": 100 * part.mean() / values[feature].mean(),
            }
            for n, p in persona_of.items()
            for feature in one.features
            for part in [values[feature][cluster == n]]
        ]
    )
    centroids = pd.DataFrame(
        [
            key
            | {
                "model_version": "0123456789ab",
                "cluster_id": n,
                "position": position,
                "feature": feature,
                "transform": "none",
                "centroid": values[feature][cluster == n].mean(),
                "scaled_centroid": 0.5,
                "scaler_center": values[feature].mean(),
                "scaler_scale": values[feature].std(),
            }
            for n in persona_of
            for position, feature in enumerate(one.features, start=1)
        ]
    )
    customer = pd.DataFrame({"customer_id": ids, "cluster_id": cluster}).assign(
        segmentation=one.segmentation, dataset=one.dataset
    )
    customer["persona"] = customer["cluster_id"].map(persona_of)
    segments_of = customer.assign(
        distance=0.5, runner_up_cluster_id=1, runner_up_persona=one.personas[0], margin=0.4, is_borderline=False,
        deciding_feature=one.features[0], second_deciding_feature=None,
    )  # fmt: skip
    scaled = (values - values.mean()) / values.std()
    components = customer.copy()
    for position in (1, 2, 3):
        components[f"component_{position}"] = scaled.iloc[:, position - 1] if position <= len(one.features) else np.nan
    distributions = pd.DataFrame(
        [
            key
            | {"cluster_id": n, "feature": feature}
            | dict(
                zip(
                    ("lower_whisker", "p25", "median", "p75", "upper_whisker"),
                    values[feature][cluster == n].quantile([0, 0.25, 0.5, 0.75, 1]),
                    strict=True,
                )
            )
            for n in persona_of
            for feature in one.features
        ]
    )
    selection = pd.DataFrame(
        [
            key
            | {
                "dataset": one.dataset,
                "k": each,
                "customers": one.customers,
                "inertia": 400 / each,
                "silhouette": 0.55 - 0.03 * abs(each - k),
                "calinski_harabasz": 240.0 - 10 * abs(each - k),
                "davies_bouldin": 0.6 + 0.03 * abs(each - k),
                "gap": 0.6 - 0.02 * abs(each - k),
                "gap_standard_error": 0.01,
                "prediction_strength": max(0.1, 0.9 - 0.1 * abs(each - k)),
                "prediction_strength_standard_error": 0.03,
                "bootstrap_jaccard": max(0.2, 0.9 - 0.05 * abs(each - k)),
                "bootstrap_jaccard_standard_error": 0.02,
                "worst_cluster_jaccard": max(0.1, 0.8 - 0.08 * abs(each - k)),
                "worst_cluster_jaccard_standard_error": 0.03,
                "smallest_cluster": 10,
                "resampling_customers": one.customers,
                "gap_references": 10,
                "half_splits": 10,
                "bootstraps": 50,
                "seed": 1,
                "is_recommended": each == k,
                "is_in_use": each == k,
            }
            for each in range(2, 13)
        ]
    )
    criteria = "elbow silhouette calinski_harabasz davies_bouldin gap prediction_strength"
    recommendation = pd.DataFrame(
        [
            key
            | {"dataset": one.dataset}
            | {f"{name}_k": k for name in criteria.split()}
            | {
                "bootstrap_k": k,
                "agreeing_criteria": 7,
                "criteria": 7,
                "agreement": "strong",
                "recommended_k": k,
                "k_in_use": k,
                "is_auto": False,
                "rule": "majority",
                "sentence": f"Seven of seven criteria recommend {k} segments, and {k} are in use.",
            }
        ]
    )
    optima = pd.DataFrame(
        [
            key
            | {
                "optimum": rank,
                "inertia": 65.5 * (1 + 0.02 * (rank - 1)),
                "excess_over_best": 0.02 * (rank - 1),
                "share_of_starts": (0.49, 0.3, 0.21)[rank - 1],
                "starts": 100,
                "adjusted_rand_index": 1 - 0.1 * (rank - 1),
                "customers_elsewhere": 5 * (rank - 1),
                "smallest_cluster": 12,
                "found_by": "starts",
                "is_in_use": rank == 1,
                "customers": one.customers,
            }
            for rank in (1, 2, 3)
        ]
    )
    stability = per_segment(
        lambda n, p: {
            "bootstrap_jaccard": jaccard[n],
            "bootstrap_jaccard_standard_error": 0.01,
            "share_recovered": jaccard[n],
            "share_dissolved": round(1 - jaccard[n], 3),
            "stability_grade": grade[n],
            "bootstraps": 100,
            "customers": one.customers,
            "seed": 1,
        }
    )
    algorithms = pd.DataFrame(
        [
            key
            | {
                "dataset": one.dataset,
                "algorithm": algorithm,
                "settings": f"k = {k}",
                "clusters": k,
                "noise_customers": noise,
                "noise_share": noise / one.customers,
                "silhouette": silhouette,
                "davies_bouldin": 0.57,
                "calinski_harabasz": 247.4,
                "bic": None if noise else 812.5,
                "adjusted_rand_index": ari,
                "noise_handling": handling,
                "customers": one.customers,
                "seconds": 0.1,
            }
            for algorithm, noise, silhouette, ari, handling in (
                ("K-Means", 0, 0.5546, 1.0, "every customer gets a segment"),
                ("Gaussian mixture, full", 0, 0.55, 0.93, "every customer gets a segment"),
                ("HDBSCAN", 31, 0.58, 0.7, "customers in thin regions are noise and get no segment"),
            )
        ]
    ).astype({"bic": float})
    rules = per_segment(
        lambda n, p: {
            "rule_sql": f"{one.features[0]} > {n}",
            "rule_prose": f"{LABELS[one.features[0]][0]} above {n}",
            "conditions": 1,
            "customers": size[n],
            "customers_caught": size[n] - 1,
            "coverage": 0.95,
            "purity": 0.9,
            "fidelity": 0.93,
        }
    )
    loadings = pd.DataFrame(
        [
            key
            | {
                "component": component,
                "position": position,
                "feature": feature,
                "label": LABELS[feature][0],
                "loading": 0.7 if component == position else 0.3,
                "explained_variance": 1.0,
                "share_of_variance": 1 / len(one.features),
                "cumulative_share_of_variance": component / len(one.features),
            }
            for component in range(1, len(one.features) + 1)
            for position, feature in enumerate(one.features, start=1)
        ]
    )
    silhouettes = customer[["segmentation", "customer_id", "cluster_id", "persona"]].assign(
        silhouette=np.round(np.linspace(-0.1, 0.8, one.customers), 3), customers=one.customers
    )
    return {
        "segments": segments,
        "personas": personas,
        "campaign_recommendations": campaigns,
        "segmentation_fits": fits,
        "segment_profiles": profiles,
        "cluster_centroids": centroids,
        "customer_segments": segments_of,
        "customer_components": components,
        "segment_distributions": distributions,
        "k_selection": selection,
        "k_recommendation": recommendation,
        "fit_optima": optima,
        "segment_stability": stability,
        "algorithm_comparison": algorithms,
        "segment_rules": rules,
        "principal_components": loadings,
        "customer_silhouettes": silhouettes,
    }


def _dataset_tables(one: Described) -> dict[str, pd.DataFrame]:
    _, values = _customers(one)
    key = {"dataset": one.dataset}
    features = sorted(one.features)
    gender = np.where(np.arange(one.customers) % 2 == 0, "female", "male")
    summary = []
    histograms = []
    profiles = []
    effects = []
    for feature in features:
        column = values[feature]
        quartiles = column.quantile([0.25, 0.5, 0.75]).tolist()
        summary.append(
            key
            | {
                "feature": feature,
                "label": LABELS[feature][0],
                "unit": LABELS[feature][1],
                "data_type": "double",
                "customers": one.customers,
                "missing_values": 0,
                "distinct_values": column.nunique(),
                "mean": column.mean(),
                "standard_deviation": column.std(),
                "minimum": column.min(),
                "p25": quartiles[0],
                "median": quartiles[1],
                "p75": quartiles[2],
                "maximum": column.max(),
                "skewness": 0.3,
                "lower_fence": 0.0,
                "upper_fence": 120.0,
                "outliers": 2,
                "share_of_outliers": 2 / one.customers,
            }
        )
        counts, edges = np.histogram(column, bins=10)
        histograms += [
            key
            | {
                "feature": feature,
                "bin": number,
                "lower_bound": edges[number - 1],
                "upper_bound": edges[number],
                "customers": int(count),
                "share_of_customers": count / one.customers,
            }
            for number, count in enumerate(counts, start=1)
        ]
        for value in ("female", "male"):
            part = column[gender == value]
            profiles.append(
                key
                | {
                    "category": "gender",
                    "category_value": value,
                    "feature": feature,
                    "customers": len(part),
                    "mean": part.mean(),
                    "standard_deviation": part.std(),
                    "minimum": part.min(),
                    "p25": part.quantile(0.25),
                    "median": part.median(),
                    "p75": part.quantile(0.75),
                    "maximum": part.max(),
                    "lower_whisker": part.min(),
                    "upper_whisker": part.max(),
                }
            )
        effects.append(
            key
            | {
                "category": "gender",
                "feature": feature,
                "customers": one.customers,
                "category_values": 2,
                "eta_squared": 0.004,
                "f_statistic": 0.7,
                "p_value": 0.4,
                "effect": "negligible",
                "finding": f"Gender says next to nothing about {LABELS[feature][0]}: it explains 0.4% of its variance.",
            }
        )
    pairs = [(a, b) for a in features for b in features if a < b]
    correlations = [
        key | {"feature": a, "other_feature": b, "customers": one.customers, "pearson": -0.33, "spearman": -0.35}
        for a, b in pairs
    ]
    relationships = [
        key
        | {
            "feature": a,
            "other_feature": b,
            "shape": shape,
            "customers": one.customers,
            "intercept": 70.0,
            "slope": -0.6,
            "quadratic_coefficient": 0.002 if shape == "quadratic" else None,
            "r_squared": 0.11 if shape == "linear" else 0.14,
            "p_value": 0.0001,
        }
        for pair in pairs
        for a, b in (pair, pair[::-1])
        for shape in ("linear", "quadratic")
    ]
    tables = {
        "feature_summary": pd.DataFrame(summary),
        "feature_histograms": pd.DataFrame(histograms),
        "feature_correlations": pd.DataFrame(
            correlations, columns=["dataset", "feature", "other_feature", "customers", "pearson", "spearman"]
        ).astype({"customers": int, "pearson": float, "spearman": float}),
        "category_counts": pd.DataFrame(
            [
                key | {"category": "gender", "category_value": value, "customers": 75, "share_of_customers": 0.5}
                for value in ("female", "male")
            ]
        ),
        "category_profiles": pd.DataFrame(profiles),
        "category_effects": pd.DataFrame(effects),
        "datasets": pd.DataFrame(
            [
                key
                | {
                    "origin": f"{one.dataset}_customers: data/customers.csv",
                    "is_synthetic": one.is_synthetic,
                    "input_rows": one.customers + 4,
                    "rejected_rows": 4,
                    "customers": one.customers,
                    "as_of_date": pd.Timestamp("2024-12-31"),
                }
            ]
        ),
        "rejected_rows": pd.DataFrame(
            [
                key
                | {
                    "input": f"{one.dataset}_customers",
                    "row_number": number,
                    "customer_id": f"X{number}",
                    "problem_column": "age",
                    "reason": "missing",
                    "explanation": "age: found nothing",
                    "raw_row": f"X{number},,1",
                }
                for number in range(4)
            ]
        ),
        "input_columns": pd.DataFrame(
            [
                key
                | {
                    "input": f"{one.dataset}_customers",
                    "origin": "data/customers.csv",
                    "position": 1,
                    "column_found": "Age",
                    "read_as": "age",
                    "note": "read as number",
                    "values_used": one.customers,
                    "values_rejected": 4,
                    "input_rows": one.customers + 4,
                }
            ]
        ),
        "data_quality_results": pd.DataFrame(
            [
                {
                    "suite": f"{one.dataset}_customers",
                    "relation": f"{one.dataset}_customer_features",
                    "position": position,
                    "column_name": "age",
                    "expectation": "column values to not be null",
                    "severity": "warning",
                    "success": position == 1,
                    "observed_value": "3 unexpected",
                    "element_count": one.customers,
                    "unexpected_count": 3,
                    "unexpected_examples": None,
                    "why": "Who has no age fits no segment.",
                }
                for position in (1, 2)
            ]
        ),
        f"{one.dataset}_customer_features": values.assign(
            customer_id=[f"C{number:04d}" for number in range(one.customers)], gender=gender
        ),
    }
    relationship_types = {"customers": int} | dict.fromkeys(
        ("intercept", "slope", "quadratic_coefficient", "r_squared", "p_value"), float
    )
    columns = ["dataset", "feature", "other_feature", "shape", "customers", *list(relationship_types)[1:]]
    tables["feature_relationships"] = pd.DataFrame(relationships, columns=columns).astype(relationship_types)
    return tables


def _pair_tables(described) -> dict[str, pd.DataFrame]:
    """Cross every two segmentations of a dataset, as if the segments were spread evenly over each other."""
    crosswalk = []
    agreement = []
    for one in described:
        for other in described:
            if one.dataset != other.dataset or one is other:
                continue
            key = {"dataset": one.dataset, "segmentation": one.segmentation}
            agreement.append(
                key
                | {
                    "other_segmentation": other.segmentation,
                    "customers": one.customers,
                    "adjusted_rand_index": 0.61,
                }
            )
            crosswalk += [
                key
                | {
                    "cluster_id": number,
                    "persona": persona,
                    "other_segmentation": other.segmentation,
                    "other_cluster_id": other_number,
                    "other_persona": other_persona,
                    "customers": 10,
                    "share_of_segment": 1 / len(other.personas),
                    "share_of_other_segment": 1 / len(one.personas),
                }
                for number, persona in enumerate(one.personas, start=1)
                for other_number, other_persona in enumerate(other.personas, start=1)
            ]
    walk_columns = [
        "dataset",
        "segmentation",
        "cluster_id",
        "persona",
        "other_segmentation",
        "other_cluster_id",
        "other_persona",
        "customers",
        "share_of_segment",
        "share_of_other_segment",
    ]
    agreement_columns = ["dataset", "segmentation", "other_segmentation", "customers", "adjusted_rand_index"]
    checks = pd.DataFrame(
        [
            {
                "result_id": "mall_k5",
                "claimed": "Five segments",
                "feature_set": "income and spending",
                "scaling": "standard",
                "k": 5,
                "figure": "inertia",
                "published_value": 65.57,
                "best_value": 65.568,
                "nearest_value": 65.568,
                "verdict": "confirmed",
                "explanation": "The published inertia is that of the best known optimum.",
            }
        ]
    )
    return {
        "segment_crosswalk": pd.DataFrame(crosswalk, columns=walk_columns),
        "segmentation_agreement": pd.DataFrame(agreement, columns=agreement_columns),
        "published_result_checks": checks,
    }
