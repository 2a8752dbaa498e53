"""Publications of invented customers, small and quick, with every table that pictures are drawn from."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

COLOURS = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#cc79a7",
    "#56b4e9",
    "#f0e442",
    "#332288",
    "#882255",
    "#117733",
    "#999999",
    "#661100",
)


@dataclass(frozen=True)
class Shop:
    """A dataset and its segmentations: for each its name, the number of its features and the number of its segments."""

    dataset: str
    features: tuple[str, ...]
    segmentations: dict[str, tuple[int, int]]
    customers: int = 150
    is_synthetic: bool = True
    categories: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"gender": ("female", "male")})


def publish(path: Path, *shops: Shop, evidence: bool = True) -> Path:
    """Write a publication; without evidence, the tables of exploration and evidence are there and empty."""
    tables: dict[str, list[pd.DataFrame]] = {}
    for shop in shops:
        _add(tables, shop)
    with duckdb.connect(str(path)) as database:
        for name, frames in tables.items():
            frame = pd.concat(frames, ignore_index=True)  # noqa: F841 - read by DuckDB
            empty = "" if evidence or name in CORE or name.endswith("_customer_features") else " where false"
            database.execute(f"create table {name} as select * from frame{empty}")
        database.execute("create table published_tables as select table_name from duckdb_tables()")
    return path


CORE = {
    "datasets",
    "segments",
    "personas",
    "segmentation_fits",
    "customer_segments",
    "cluster_centroids",
    "segment_profiles",
}


def _add(tables, shop) -> None:
    random = np.random.default_rng(len(shop.features))
    count = shop.customers
    groups = np.arange(count) % 12
    centres = random.normal(scale=3, size=(12, len(shop.features)))
    values = np.round(centres[groups] + random.normal(size=(count, len(shop.features))) + 12, 3) * 3
    customers = pd.DataFrame(values, columns=list(shop.features))
    ids = [f"C{number:05}" for number in range(count)]
    for category, options in shop.categories.items():
        customers.insert(0, category, np.array(options)[random.integers(len(options), size=count)])
    customers.insert(0, "customer_id", ids)
    put = lambda name, rows: tables.setdefault(name, []).append(pd.DataFrame(rows))  # noqa: E731
    put(f"{shop.dataset}_customer_features", customers)
    put("datasets", [{"dataset": shop.dataset, "customers": count, "is_synthetic": shop.is_synthetic}])
    _explore(put, shop, customers)
    assignments = {}
    for name, (feature_count, k) in shop.segmentations.items():
        cluster = groups * k // 12 + 1
        personas = [f"{'Long-Standing ' * (k > 7)}Persona {number} of {k}" for number in range(1, k + 1)]
        assignments[name] = (cluster, personas)
        _segment(put, shop, customers, name, list(shop.features[:feature_count]), k, cluster, personas, random)
    for name, (cluster, personas) in assignments.items():
        for other, (other_cluster, other_personas) in assignments.items():
            if other == name:
                continue
            both = pd.crosstab(cluster, other_cluster)
            put(
                "segment_crosswalk",
                [
                    {
                        "dataset": shop.dataset,
                        "segmentation": name,
                        "cluster_id": one,
                        "persona": personas[one - 1],
                        "other_segmentation": other,
                        "other_cluster_id": two,
                        "other_persona": other_personas[two - 1],
                        "customers": both.loc[one, two],
                        "share_of_segment": both.loc[one, two] / both.loc[one].sum(),
                        "share_of_other_segment": both.loc[one, two] / both[two].sum(),
                    }
                    for one in both.index
                    for two in both.columns
                    if both.loc[one, two]
                ],
            )
            put(
                "segmentation_agreement",
                [
                    {
                        "dataset": shop.dataset,
                        "segmentation": name,
                        "other_segmentation": other,
                        "customers": count,
                        "adjusted_rand_index": 0.7,
                    }
                ],
            )
    for name, columns in {
        "segment_crosswalk": {
            "dataset": "",
            "segmentation": "",
            "cluster_id": 0,
            "persona": "",
            "other_segmentation": "",
            "other_cluster_id": 0,
            "other_persona": "",
            "customers": 0,
            "share_of_segment": 0.0,
        },
        "segmentation_agreement": {
            "dataset": "",
            "segmentation": "",
            "other_segmentation": "",
            "customers": 0,
            "adjusted_rand_index": 0.0,
        },
        "feature_correlations": {
            "dataset": "",
            "feature": "",
            "other_feature": "",
            "customers": 0,
            "pearson": 0.0,
            "spearman": 0.0,
        },
        "feature_relationships": {
            "dataset": "",
            "feature": "",
            "other_feature": "",
            "shape": "",
            "intercept": 0.0,
            "slope": 0.0,
            "quadratic_coefficient": 0.0,
            "r_squared": 0.0,
        },
    }.items():
        if name not in tables:
            put(name, pd.DataFrame([columns]).iloc[:0])


def _explore(put, shop, customers) -> None:
    named = [{"feature": feature, "label": feature.replace("_", " "), "unit": "points"} for feature in shop.features]
    statistics = customers[list(shop.features)]
    quartiles = statistics.quantile([0.25, 0.5, 0.75])
    put(
        "feature_summary",
        [
            {
                "dataset": shop.dataset,
                **name,
                "customers": len(customers),
                "mean": statistics[name["feature"]].mean(),
                "standard_deviation": statistics[name["feature"]].std(),
                "median": quartiles.loc[0.5, name["feature"]],
                "skewness": statistics[name["feature"]].skew(),
            }
            for name in named
        ],
    )
    for feature in shop.features:
        counts, bounds = np.histogram(statistics[feature], 12)
        put(
            "feature_histograms",
            {
                "dataset": shop.dataset,
                "feature": feature,
                "bin": np.arange(1, 13),
                "lower_bound": bounds[:-1],
                "upper_bound": bounds[1:],
                "customers": counts,
            },
        )
        for category in shop.categories:
            box = statistics[feature].groupby(customers[category]).quantile([0.05, 0.25, 0.5, 0.75, 0.95]).unstack()
            put(
                "category_profiles",
                {
                    "dataset": shop.dataset,
                    "category": category,
                    "category_value": box.index,
                    "feature": feature,
                    "lower_whisker": box[0.05].values,
                    "p25": box[0.25].values,
                    "median": box[0.5].values,
                    "p75": box[0.75].values,
                    "upper_whisker": box[0.95].values,
                },
            )
            put(
                "category_effects",
                [
                    {
                        "dataset": shop.dataset,
                        "category": category,
                        "feature": feature,
                        "eta_squared": 0.004,
                        "effect": "negligible",
                    }
                ],
            )
    for category in shop.categories:
        counts = customers[category].value_counts()
        put(
            "category_counts",
            {
                "dataset": shop.dataset,
                "category": category,
                "category_value": counts.index,
                "customers": counts.values,
                "share_of_customers": counts.values / len(customers),
            },
        )
    correlations = statistics.corr()
    for one in shop.features:
        for other in shop.features:
            if one < other:
                r = correlations.loc[one, other]
                put(
                    "feature_correlations",
                    [
                        {
                            "dataset": shop.dataset,
                            "feature": one,
                            "other_feature": other,
                            "customers": len(customers),
                            "pearson": r,
                            "spearman": r,
                        }
                    ],
                )
            if one != other:
                for shape, degree in (("linear", 1), ("quadratic", 2)):
                    fit = np.polyfit(statistics[one], statistics[other], degree)[::-1]
                    rest = statistics[other] - sum(c * statistics[one] ** power for power, c in enumerate(fit))
                    put(
                        "feature_relationships",
                        [
                            {
                                "dataset": shop.dataset,
                                "feature": one,
                                "other_feature": other,
                                "shape": shape,
                                "intercept": fit[0],
                                "slope": fit[1],
                                "quadratic_coefficient": fit[2] if degree == 2 else np.nan,
                                "r_squared": 1 - rest.var() / statistics[other].var(),
                            }
                        ],
                    )


def _segment(put, shop, customers, name, features, k, cluster, personas, random) -> None:
    values = customers[features].to_numpy()
    means = customers[list(shop.features)].groupby(cluster).mean()
    sizes = pd.Series(cluster).value_counts().sort_index()
    key = {"segmentation": name, "dataset": shop.dataset}
    put(
        "segmentation_fits",
        [{**key, "k": k, "customers": len(customers), "silhouette": 0.41}],
    )
    jaccard = np.linspace(0.97, 0.45, k)
    grades = [
        "stable" if j >= 0.75 else "usable" if j >= 0.6 else "doubtful" if j >= 0.5 else "dissolved" for j in jaccard
    ]
    put(
        "segments",
        {
            **key,
            "cluster_id": np.arange(1, k + 1),
            "persona": personas,
            "colour": COLOURS[:k],
            "customers": sizes.values,
            "share_of_customers": sizes.values / len(customers),
            "headline": "",
            "stability_grade": grades,
            "bootstrap_jaccard": jaccard,
        },
    )
    put("personas", {"segmentation": name, "cluster_id": np.arange(1, k + 1), "priority": np.arange(1, k + 1)})
    put(
        "segment_stability",
        {
            "segmentation": name,
            "cluster_id": np.arange(1, k + 1),
            "persona": personas,
            "bootstrap_jaccard": jaccard,
            "bootstrap_jaccard_standard_error": 0.01,
            "stability_grade": grades,
            "bootstraps": 50,
            "customers": len(customers),
        },
    )
    named = np.array(personas)[cluster - 1]
    put("customer_segments", {**key, "customer_id": customers["customer_id"], "cluster_id": cluster, "persona": named})
    put(
        "customer_silhouettes",
        {
            "segmentation": name,
            "customer_id": customers["customer_id"],
            "cluster_id": cluster,
            "persona": named,
            "silhouette": np.clip(random.normal(0.45, 0.2, len(customers)), -1, 1),
            "customers": len(customers),
        },
    )
    for position, feature in enumerate(features, start=1):
        put(
            "cluster_centroids",
            {
                "segmentation": name,
                "cluster_id": means.index,
                "position": position,
                "feature": feature,
                "transform": "none",
                "centroid": means[feature].values,
            },
        )
    for feature in shop.features:
        spread = customers[feature].groupby(cluster).quantile([0.05, 0.25, 0.5, 0.75, 0.95]).unstack()
        put(
            "segment_distributions",
            {
                "segmentation": name,
                "cluster_id": spread.index,
                "feature": feature,
                "lower_whisker": spread[0.05].values,
                "p25": spread[0.25].values,
                "median": spread[0.5].values,
                "p75": spread[0.75].values,
                "upper_whisker": spread[0.95].values,
            },
        )
        put(
            "segment_profiles",
            {
                "segmentation": name,
                "cluster_id": means.index,
                "feature": feature,
                "label": feature.replace("_", " "),
                "unit": "points",
                "mean": means[feature].values,
                "population_mean": customers[feature].mean(),
            },
        )
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    left, singular, right = np.linalg.svd(scaled, full_matrices=False)
    components = np.column_stack([left * singular, np.full((len(values), 3), np.nan)])[:, :3]
    put(
        "customer_components",
        {
            **key,
            "customer_id": customers["customer_id"],
            "cluster_id": cluster,
            "persona": named,
            **{f"component_{place + 1}": components[:, place] for place in range(3)},
        },
    )
    shares = singular**2 / (singular**2).sum()
    for component in range(len(features)):
        put(
            "principal_components",
            {
                "segmentation": name,
                "component": component + 1,
                "position": np.arange(1, len(features) + 1),
                "feature": features,
                "label": [feature.replace("_", " ") for feature in features],
                "loading": right[component],
                "share_of_variance": shares[component],
            },
        )
    ks = np.arange(2, 13)
    put(
        "k_selection",
        {
            **key,
            "k": ks,
            "customers": len(customers),
            "resampling_customers": min(len(customers), 100),
            "inertia": 400 / ks,
            "silhouette": 0.5 - 0.02 * np.abs(ks - 5),
            "calinski_harabasz": 200 - 9.0 * np.abs(ks - 6),
            "davies_bouldin": 0.6 + 0.03 * np.abs(ks - 5),
            "gap": np.log(ks),
            "gap_standard_error": 0.03,
            "prediction_strength": 1 - 0.05 * ks,
            "prediction_strength_standard_error": 0.02,
            "worst_cluster_jaccard": 1 - 0.05 * ks,
            "worst_cluster_jaccard_standard_error": 0.02,
        },
    )
    put(
        "k_recommendation",
        [
            {
                **key,
                "elbow_k": 5,
                "silhouette_k": 5,
                "calinski_harabasz_k": 6,
                "davies_bouldin_k": 5,
                "gap_k": None,
                "prediction_strength_k": 3,
                "bootstrap_k": 5,
                "recommended_k": 5,
                "k_in_use": k,
                "sentence": "",
            }
        ],
    )
