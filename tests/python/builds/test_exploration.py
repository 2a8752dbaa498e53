"""The tables of the exploration equal what pandas and scipy compute from the feature marts."""

import itertools

import duckdb
import numpy as np
import pandas as pd
import pytest
import scipy.stats

DATASETS = ["mall", "sales", "retail"]
CATEGORIES = {
    "mall": ["gender"],
    "sales": ["gender", "product_category"],
    "retail": ["favourite_category", "gender", "purchase_history"],
}
BOX = ["lower_whisker", "p25", "median", "p75", "upper_whisker"]


@pytest.fixture(scope="module")
def read(built):
    """Return a function that reads a table of the built project."""
    database = duckdb.connect(str(built.database), read_only=True)
    yield lambda sql: database.execute(sql).df()
    database.close()


@pytest.fixture(scope="module", params=DATASETS)
def dataset(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def customers(read, dataset) -> pd.DataFrame:
    return read(f"select * from marts.{dataset}_customer_features").set_index("customer_id")


@pytest.fixture(scope="module")
def features(read, dataset, customers) -> pd.DataFrame:
    names = read(f"select feature from seeds.features where dataset = '{dataset}' order by feature")["feature"]
    return customers[names].astype(float)


def rows_of(read, table, dataset, *keys) -> pd.DataFrame:
    """Return the rows of one dataset by their keys."""
    return read(f"select * from marts.{table} where dataset = '{dataset}'").set_index(list(keys)).sort_index()


def box(values: pd.Series) -> list[float]:
    """Return the figures of a box plot with whiskers by Tukey."""
    lower, median, upper = np.percentile(values, [25, 50, 75])
    reach = round(1.5 * (upper - lower), 9)
    inside = values[(values >= round(lower - reach, 9)) & (values <= round(upper + reach, 9))]
    return [min(inside.min(), lower), lower, median, upper, max(inside.max(), upper)]


def test_summaries(read, dataset, features):
    found = rows_of(read, "feature_summary", dataset, "feature")
    assert list(found.index) == list(features)
    assert (found["missing_values"] == features.isna().sum()).all()
    assert (found["distinct_values"] == features.nunique()).all()
    assert (found["customers"] == len(features)).all()
    expected = features.describe().T
    for column, statistic in {
        "mean": "mean",
        "minimum": "min",
        "p25": "25%",
        "median": "50%",
        "p75": "75%",
        "maximum": "max",
    }.items():
        assert found[column].to_numpy() == pytest.approx(expected[statistic].to_numpy(), rel=1e-9, abs=1e-9), column
    assert found["standard_deviation"].to_numpy() == pytest.approx(features.std(ddof=0).to_numpy(), rel=1e-7)
    skewness = [scipy.stats.skew(features[feature].dropna()) for feature in features]
    assert found["skewness"].to_numpy() == pytest.approx(skewness, rel=1e-6, abs=1e-8)
    spread = expected["75%"] - expected["25%"]
    beyond = (features < expected["25%"] - 1.5 * spread) | (features > expected["75%"] + 1.5 * spread)
    assert (found["outliers"] == beyond.sum()).all()
    assert found["share_of_outliers"].to_numpy() == pytest.approx((beyond.sum() / features.count()).to_numpy())
    whole = (features.dropna(how="all").fillna(0) % 1 == 0).all()
    assert (found["data_type"] == whole.map({True: "whole", False: "fraction"})).all()


def test_histograms_hold_every_value_once(read, dataset, features):
    bins = rows_of(read, "feature_histograms", dataset, "feature", "bin")
    types = rows_of(read, "feature_summary", dataset, "feature")["data_type"]
    for feature in features:
        values, found = features[feature].dropna(), bins.loc[feature]
        assert list(found.index) == list(range(1, len(found) + 1))
        assert len(found) <= 40
        edges = [*found["lower_bound"], found["upper_bound"].iloc[-1]]
        assert (found["upper_bound"].to_numpy()[:-1] == edges[1:-1]).all()
        assert (found["customers"].to_numpy() == np.histogram(values, edges)[0]).all()
        assert found["customers"].sum() == len(values)
        assert found["share_of_customers"].sum() == pytest.approx(1)
        if types[feature] == "whole":
            assert (np.array(edges) % 1 == 0).all()
        elif np.ptp(np.percentile(values, [25, 75])):
            suggested = len(np.histogram_bin_edges(values, "fd")) - 1
            assert len(found) == np.clip(suggested, 5, 40)


def test_correlations(read, dataset, features):
    found = rows_of(read, "feature_correlations", dataset, "feature", "other_feature")
    pairs = list(itertools.combinations(features, 2))
    assert list(found.index) == pairs
    for one, other in pairs:
        both = features[[one, other]].dropna()
        assert found.loc[(one, other), "customers"] == len(both)
        pearson, spearman = scipy.stats.pearsonr(*both.T.to_numpy()), scipy.stats.spearmanr(both)
        assert found.loc[(one, other), "pearson"] == pytest.approx(pearson.statistic, abs=1e-10)
        assert found.loc[(one, other), "spearman"] == pytest.approx(spearman.statistic, abs=1e-12)


def test_relationships(read, dataset, features):
    found = rows_of(read, "feature_relationships", dataset, "feature", "other_feature", "shape")
    assert len(found) == 2 * features.shape[1] * (features.shape[1] - 1)
    for one, other in itertools.permutations(features, 2):
        x, y = features[[one, other]].dropna().T.to_numpy()
        line = scipy.stats.linregress(x, y)
        fit = found.loc[(one, other, "linear")]
        assert fit["customers"] == len(x)
        assert [fit["intercept"], fit["slope"]] == pytest.approx([line.intercept, line.slope], rel=1e-6)
        assert fit["r_squared"] == pytest.approx(line.rvalue**2, abs=1e-9)
        assert fit["p_value"] == pytest.approx(line.pvalue, rel=1e-5, abs=1e-300)
        curve, fit = np.polyfit(x, y, 2), found.loc[(one, other, "quadratic")]
        assert [fit["quadratic_coefficient"], fit["slope"], fit["intercept"]] == pytest.approx(curve, rel=1e-5)
        explained = 1 - np.var(y - np.polyval(curve, x)) / np.var(y)
        assert fit["r_squared"] == pytest.approx(explained, abs=1e-9)
        statistic = explained / 2 / ((1 - explained) / (len(x) - 3))
        assert fit["p_value"] == pytest.approx(scipy.stats.f.sf(statistic, 2, len(x) - 3), rel=1e-5, abs=1e-300)


def test_categories_are_counted(read, dataset, customers):
    found = rows_of(read, "category_counts", dataset, "category", "category_value")
    assert list(found.index.unique("category")) == CATEGORIES[dataset]
    for category in CATEGORIES[dataset]:
        expected = customers[category].fillna("none").value_counts().sort_index()
        assert found.loc[category, "customers"].to_dict() == expected.to_dict()
        assert found.loc[category, "share_of_customers"].to_numpy() == pytest.approx(
            expected.to_numpy() / len(customers)
        )


def test_groups_are_profiled(read, dataset, customers, features):
    found = rows_of(read, "category_profiles", dataset, "category", "category_value", "feature")
    for category in CATEGORIES[dataset]:
        for name, group in features.groupby(customers[category]):
            for feature in features:
                values, row = group[feature].dropna(), found.loc[(category, name, feature)]
                assert row["customers"] == len(values)
                if len(values):
                    expected = [values.mean(), values.std(ddof=0), values.min(), values.max()]
                    figures = [row["mean"], row["standard_deviation"], row["minimum"], row["maximum"]]
                    assert figures == pytest.approx(expected, rel=1e-7, abs=1e-7)
                    assert list(row[BOX]) == pytest.approx(box(values), rel=1e-8, abs=1e-8)


def test_effects(read, dataset, customers, features):
    found = rows_of(read, "category_effects", dataset, "category", "feature")
    assert len(found) == len(CATEGORIES[dataset]) * features.shape[1]
    comparisons = found["p_value"].count()
    for (category, feature), row in found.iterrows():
        groups = [
            values for _, group in features[feature].groupby(customers[category]) if len(values := group.dropna())
        ]
        assert (row["category_values"], row["customers"]) == (len(groups), sum(map(len, groups)))
        if len(groups) < 2:
            assert row["effect"] == "not applicable"
            assert row[["eta_squared", "f_statistic", "p_value"]].isna().all()
            continue
        expected = scipy.stats.f_oneway(*groups)
        assert row["f_statistic"] == pytest.approx(expected.statistic, rel=1e-6)
        assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-5, abs=1e-300)
        everybody = pd.concat(groups)
        between = sum(len(group) * (group.mean() - everybody.mean()) ** 2 for group in groups)
        assert row["eta_squared"] == pytest.approx(between / (everybody.var(ddof=0) * len(everybody)), rel=1e-6)
        limits = {0.01: "negligible", 0.06: "small", 0.14: "medium", 1.1: "large"}
        assert row["effect"] == next(word for limit, word in limits.items() if row["eta_squared"] < limit)
        assert row["finding"].endswith(row["effect"]) == (row["p_value"] * comparisons < 0.05)


def test_segments_are_drawn_as_boxes(read, dataset, features):
    found = read("select * from marts.segment_distributions").set_index(["segmentation", "cluster_id", "feature"])
    members = read(f"select * from marts.customer_segments where dataset = '{dataset}'").set_index("customer_id")
    for (segmentation, cluster), group in members.groupby(["segmentation", "cluster_id"]):
        for feature in features:
            values = features.loc[group.index, feature].dropna()
            if len(values):
                assert list(found.loc[(segmentation, cluster, feature), BOX]) == pytest.approx(
                    box(values), rel=1e-8, abs=1e-8
                )


def test_tables_of_many_customers_do_not_depend_on_order_and_threads(built, tmp_path):
    """Enough customers for DuckDB to add in parallel: the compiled SQL on copies of the customers, some a little richer."""
    compiled = built.folder / "target/compiled/customer_segmentation/models"
    models = {
        "population.feature_values": "view",
        "population.feature_statistics": "table",
        "population.category_statistics": "table",
        "population.feature_pairs": "table",
        "marts.feature_summary": "table",
        "marts.feature_histograms": "table",
        "marts.feature_correlations": "table",
        "marts.category_counts": "table",
        "marts.category_profiles": "table",
        "marts.segment_profiles": "table",
        "marts.segment_distributions": "table",
    }
    results = []
    for order, threads in [("customer_id", 1), ("hash(customer_id)", 4)]:
        (tmp_path / "warehouse.duckdb").unlink(missing_ok=True)
        with duckdb.connect(str(tmp_path / "warehouse.duckdb"), config={"threads": threads}) as warehouse:
            warehouse.execute(f"attach '{built.database}' as built (read_only)")
            warehouse.execute("create schema population; create schema marts; create schema seeds")
            warehouse.execute("create table seeds.features as from built.seeds.features")
            warehouse.execute("create table marts.personas as from built.marts.personas")
            copies = {f"{dataset}_customer_features": "annual_income_k + i / 7" for dataset in DATASETS}
            for table, value in (copies | {"customer_segments": None}).items():
                replaced = "customer_id || i as customer_id" + (f", {value} as annual_income_k" if value else "")
                warehouse.execute(
                    f"create table marts.{table} as select * replace ({replaced}) from built.marts.{table} "
                    f"cross join range(25) as copies(i) order by {order}"
                )
            for model, kind in models.items():
                folder, name = model.split(".")
                (file,) = [path for path in compiled.glob(f"{folder}/**/{name}.sql") if path.parent.suffix != ".yml"]
                warehouse.execute(f"create {kind} {model} as {file.read_text()}")
            results.append({model: warehouse.execute(f"from {model} order by all").fetchall() for model in models})
    assert len(results[0]["population.feature_pairs"]) == 3 + 10 + 55
    assert results[0] == results[1]
