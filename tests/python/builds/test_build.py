"""The whole build on the data of the repository: published figures, promises about tables, documentation."""

import hashlib
import json
import re
from itertools import product

import numpy as np
import pytest

from customer_segmentation.clustering.fitting import FITTED_CLUSTERS
from customer_segmentation.personas.matching import PERSONA_MATCHES
from customer_segmentation.publication.publishing import PUBLISHED_TABLES
from customer_segmentation.quality.suites import DATA_QUALITY_RESULTS, load_suites
from helpers import mall
from helpers.fitted_model import model_of, predict
from helpers.projects import ROOT

# Three segmentations of 200 customers, 985 sales customers, and the retail customers whose income is known.
ASSIGNED = 3 * 200 + 985 + 5911

# Best known optima, and for the seven personas the optimum next to their prototypes. Centroids as published, rounded.
FIGURES = {
    "mall_income_spending": {
        "inertia": 65.568408,
        "silhouette": 0.554657,
        "centroids": [
            (25.73, 79.36, 22),
            (26.30, 20.91, 23),
            (55.30, 49.52, 81),
            (86.54, 82.13, 39),
            (88.20, 17.11, 35),
        ],
    },
    "mall_six_personas": {
        "inertia": 133.868334,
        "silhouette": 0.427428,
        "centroids": [
            (25.25, 25.83, 76.92, 24),
            (45.52, 26.29, 19.38, 21),
            (56.33, 54.27, 49.07, 45),
            (26.68, 57.58, 47.79, 38),
            (32.69, 86.54, 82.13, 39),
            (41.94, 88.94, 16.97, 33),
        ],
    },
    "mall_seven_personas": {
        "inertia": 121.38935,
        "best_known_inertia": 117.011555,
        "centroids": [
            (56.3, 53.7, 49.4, 44),
            (32.7, 86.5, 82.1, 39),
            (25.0, 25.3, 77.6, 23),
            (27.4, 77.3, 10.6, 9),
            (45.7, 91.2, 20.0, 27),
            (45.5, 26.3, 19.4, 21),
            (27.1, 56.3, 49.7, 37),
        ],
    },
}


@pytest.fixture(scope="module")
def manifest(built) -> dict:
    return json.loads((built.folder / "target/manifest.json").read_text())


@pytest.mark.parametrize("segmentation", FIGURES)
def test_the_fit_has_the_published_figures(built, segmentation):
    expected = FIGURES[segmentation]
    ((inertia, best, silhouette),) = built.published_query(
        f"select inertia, best_known_inertia, silhouette from segmentation_fits where segmentation = '{segmentation}'"
    )
    assert inertia == pytest.approx(expected["inertia"], rel=1e-6 if segmentation != "mall_six_personas" else 3e-9)
    assert best == pytest.approx(expected.get("best_known_inertia", inertia), rel=1e-6)
    if "silhouette" in expected:
        assert silhouette == pytest.approx(expected["silhouette"], abs=1e-6)


@pytest.mark.parametrize("segmentation", FIGURES)
def test_the_clusters_are_the_published_ones(built, segmentation):
    rows = built.published_query(
        f"""
        select list(centroid order by position), any_value(customers)
        from cluster_centroids inner join segments using (segmentation, cluster_id)
        where segmentation = '{segmentation}' group by cluster_id
        """
    )
    found = sorted((*centroid, customers) for centroid, customers in rows)
    decimals = 1 if segmentation == "mall_seven_personas" else 2
    assert [tuple(round(value, decimals) for value in row) for row in found] == sorted(
        FIGURES[segmentation]["centroids"]
    )


@pytest.mark.parametrize("segmentation", FIGURES)
def test_every_label_equals_predict_of_scikit_learn(built, segmentation):
    labels, expected = sql_and_scikit_learn_labels(
        built,
        segmentation,
        built.query(f"select * from segmentation.segmentation_inputs where segmentation = '{segmentation}'"),
    )
    assert len(labels) == 200
    assert (labels == expected).all()


def sql_and_scikit_learn_labels(built, segmentation, inputs):
    labels = dict(
        built.query(
            f"select customer_id, cluster_id from marts.customer_segments where segmentation = '{segmentation}'"
        )
    )
    centers, center, scale = model_of(built, segmentation)
    columns = [name for (name,) in built.query("select column_name from (describe segmentation.segmentation_inputs)")]
    ids = [row[columns.index("customer_id")] for row in inputs]
    points = np.array([[row[columns.index(f"value_{p}")] for p in range(1, len(center) + 1)] for row in inputs])
    return np.array([labels[key] for key in ids]), predict(centers, (points - center) / scale)


def test_the_published_personas_found_their_clusters(built):
    rows = built.published_query(
        """
        select match_grade, count(*), count(contradicted_traits) from personas where segmentation like 'mall%' group by 1
        """
    )
    assert sorted(rows) == [("fair", 1, 1), ("good", 17, 0)]


def test_the_young_enthusiasts_are_contradicted(built):
    ((contradicted,),) = built.published_query(
        "select contradicted_traits from personas where persona = 'Young Enthusiasts'"
    )
    assert contradicted == "spending score: claimed high (at least 55 points), found 50"


def test_every_persona_has_two_campaigns_and_every_customer_one(built):
    counts = built.published_query("select count(*) from campaign_recommendations group by segmentation, persona")
    assert all(count >= 2 for (count,) in counts)
    assert len(counts) == 26
    assert built.published_query("select count(*), count(campaign) from customer_campaigns") == [(ASSIGNED, ASSIGNED)]
    first = built.published_query(
        """
        select count(*) from customer_campaigns
        inner join campaign_recommendations using (segmentation, persona, campaign_id) where priority = 1
        """
    )
    assert first == [(ASSIGNED,)]


def test_nothing_warned(built):
    log = (built.folder / "build.log").read_text()
    assert "WARN=0" in log
    assert "deprecat" not in log.lower()


def test_the_seed_is_the_published_data_set():
    assert mall.customers().sum(axis=0).tolist() == [88, 7770, 12112, 10040]
    content = (ROOT / "seeds/raw/mall_customers.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() == "194975e1f84d29ee7a99ca72bc14dcd55af355384f35171ef7e9e053ac7f6612"


@pytest.mark.parametrize(
    ("table", "schema"),
    [
        ("segmentation.fitted_clusters", FITTED_CLUSTERS),
        ("segmentation.persona_matches", PERSONA_MATCHES),
        ("marts.data_quality_results", DATA_QUALITY_RESULTS),
        ("publishing.published_tables", PUBLISHED_TABLES),
    ],
)
def test_python_models_have_their_declared_types(built, table, schema):
    found = {name: kind.lower() for name, kind, *_ in built.query(f"describe {table}")}
    assert found == schema


def test_everything_in_the_marts_is_published_for_every_reader(built):
    # a table or a view of others
    shown = "select table_name from information_schema.tables where table_schema = 'marts'"
    marts = {name for (name,) in built.query(shown)}
    published = {name for (name,) in built.published_query("select table_name from duckdb_tables()")}
    assert published == marts | {"published_tables"}
    for table in marts:
        rows = built.query(f"select count(*) from marts.{table}")
        assert built.published_query(f"select count(*) from {table}") == rows
        assert built.query(f"select count(*) from '{built.published / table}.parquet'") == rows


def test_every_table_is_shown_in_the_schema_of_its_group(built, manifest):
    """The group is the meta of the model or of its folder; only tables of datasets take the default."""
    groups = dict(built.published_query("select table_name, table_group from published_tables"))
    said = {node["alias"]: node["config"]["meta"].get("table_group") for node in models(manifest).values()}
    of_datasets = {name for name in groups if said[name] is None}
    assert of_datasets == {
        node["alias"]
        for node in models(manifest).values()
        if node["access"] == "public" and node["fqn"][1] == "datasets"
    }
    assert groups == {name: said[name] or "customers" for name in groups}
    shown = built.published_query("select view_name, schema_name from duckdb_views() where not internal")
    begin = {name for (name,) in built.published_query("select table_name from published_tables where is_start_here")}
    assert set(shown) == {*groups.items(), *((name, "start_here") for name in begin)}
    assert {"customers", "segments", "published_tables"} <= begin
    for table in begin:
        rows = built.published_query(f"select count(*) from start_here.{table}")
        assert built.published_query(f"select count(*) from {table}") == rows


def test_the_account_names_grain_and_key_of_every_table(built):
    account = built.published_query("select table_name, grain, key_columns, row_count from published_tables")
    columns = built.published_query("select table_name, column_name from duckdb_columns() where schema_name = 'main'")
    for table, grain, key, rows in account:
        assert grain.startswith("One row per "), table
        assert {(table, column) for column in key.split(", ")} <= set(columns), table
        found = built.published_query(f"select count(*), count(distinct ({key},)) from {table}")
        assert found == [(rows, rows)], table


def test_the_obvious_column_of_the_obvious_table_gives_the_obvious_number(built):
    def of(sql):
        return dict(built.published_query(sql))

    customers = of("select dataset, count(*) from customers group by dataset")
    assert customers == of("select dataset, sum(customers) from segments where is_default group by dataset")
    assert customers == of(
        "select dataset, count(*) from customer_segments inner join segmentation_fits using (segmentation, dataset) "
        "where is_default group by dataset"
    )
    assert customers == of("select dataset, count(distinct customer_key) from customers group by dataset")
    assert set(customers) == set(of("select dataset, 1 from datasets"))
    money = of("select dataset, sum(value) from customers group by dataset")
    assert money == pytest.approx(
        of(
            """
            select dataset, sum(money) from customer_segments
            inner join segmentation_fits using (segmentation, dataset)
            left join rfm_scores using (dataset, customer_id) where is_default group by dataset
            """
        )
    )
    # a spending score is no money, and nothing that says so adds it up
    assert {dataset for dataset, value in money.items() if value} == {"retail"}
    assert built.published_query("select distinct dataset from segment_sizes where money is not null") == [("retail",)]
    revenue = "select sum(monetary_value) from customers inner join retail_customer_features using (customer_key)"
    assert built.published_query(revenue)[0][0] == pytest.approx(money["retail"])
    missing = (
        "select count(*) from customers anti join {}_customer_features as f on customers.customer_key = f.customer_key"
    )
    for dataset in customers:
        assert built.published_query(f"{missing.format(dataset)} where customers.dataset = '{dataset}'") == [(0,)]


def test_a_segment_has_one_key_in_every_table(built):
    """Where a table names a segment by key and by number, both lead to the same row of `segments`."""
    tables = built.published_query(
        "select table_name from duckdb_columns() where schema_name = 'main' and column_name = 'segment_key' "
        "intersect select table_name from duckdb_columns() where schema_name = 'main' and column_name = 'cluster_id'"
    )
    assert len(tables) >= 8
    for (table,) in tables:
        wrong = f"select count(*) from {table} as t inner join segments using (segmentation, cluster_id) "
        assert built.published_query(f"{wrong} where t.segment_key is distinct from segments.segment_key") == [(0,)], (
            table
        )


def test_tables_are_published_in_the_order_of_their_key(built, manifest):
    """The keys that the publication sorts by are those that are tested; has_key also says that none is missing."""
    keys = dict(built.query("select table_name, key_columns from publishing.tables_to_publish"))
    assert {table: tuple(json.loads(columns)) for table, columns in keys.items()} == {
        table: min(keys_of(manifest, table)) for table in keys
    }


def test_what_is_published_is_public_and_nothing_else_is(built, manifest):
    """Readers also find the account of the publication, `published_tables`, beside the tables that it counts."""
    public = {node["alias"] for node in models(manifest).values() if node["access"] == "public"}
    published = {name for (name,) in built.query("select table_name from publishing.tables_to_publish")}
    assert public == published | {"published_tables"}


def test_every_model_has_a_group_with_an_owner(manifest):
    owned = {group["name"] for group in manifest["groups"].values() if group["owner"]["name"] and group["description"]}
    assert {node["config"]["group"] for node in models(manifest).values()} == owned


def test_private_is_what_nobody_outside_the_group_reads(manifest):
    """But for the models of datasets: those of a project that uses this one as a package are in no group of it."""
    groups = {
        name: node.get("group") or node["config"].get("group")
        for kind in ("nodes", "exposures", "semantic_models")
        for name, node in manifest[kind].items()
    }
    private = set()
    for name, node in models(manifest).items():
        readers = {groups[child] for child in manifest["child_map"][name] if child in groups}
        if readers == {groups[name]} != {"customer_data"} and node["access"] != "public":
            private.add(node["name"])
    assert private == {node["name"] for node in models(manifest).values() if node["access"] == "private"}


def models(manifest: dict) -> dict[str, dict]:
    return {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}


# Whose rows no column tells apart, or need not be told apart once more.
WITHOUT_KEY = {
    "rows as they came, which staging numbers and judges": {
        "generated_retail_campaign_outcomes",
        "generated_retail_customers",
        "generated_retail_transactions",
        "input_mall_customers",
        "input_retail_campaign_outcomes",
        "input_retail_customers",
        "input_retail_transactions",
        "input_sales_customers",
        "mall_customers",
    },
    "views of all customers, computed for each reader; the tables before and after them have tests of the same keys": {
        "customer_months",
        "feature_values",
        "generated_retail_habits",
        "purchase_states",
        "rfm_values",
        "segmentation_inputs",
    },
    "messages to people, none in a build that goes on": {
        "campaign_problems",
        "experiment_changes",
        "experiment_problems",
        "judgement_problems",
        "persona_problems",
        "population_problems",
        "rfm_problems",
        "seed_problems",
        "segmentation_problems",
    },
    "points with a weight, which have no name": {"segmentation_coresets"},
    "what was published, after which nothing may fail; `tables_to_publish` has the test": {"published_tables"},
    "never built": {"unit_test_customer_features"},
}


def test_every_model_and_seed_has_a_key(manifest):
    names = {node["alias"] for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")}
    assert {name for name in names if not keys_of(manifest, name)} == set.union(*WITHOUT_KEY.values())


# The public table that a key belongs to: tables with these columns refer to it, or to a table that does.
HOME_OF_KEY = {
    ("dataset",): "datasets",
    ("dataset", "category", "category_value"): "category_counts",
    ("dataset", "feature"): "feature_summary",
    ("customer_key",): "customers",
    ("dataset", "rfm_group_id"): "rfm_groups",
    ("segmentation",): "segmentation_fits",
    ("segment_key",): "segments",
    ("segmentation", "cluster_id"): "segments",
    ("segmentation", "customer_id"): "customer_segments",
    ("segmentation", "persona"): "personas",
    ("segmentation", "persona", "campaign_id"): "campaign_recommendations",
}
REFERS_TO_NOTHING = {
    ("skipped_segmentations", "segmentation_fits"),  # it lists those that are not fitted
    # a segment of a kept model may have no customers today
    ("cluster_centroids", "segments"),
    ("persona_trait_checks", "segments"),
    ("personas", "segments"),
    ("segment_rules", "segments"),
    ("segment_stability", "segments"),
    # clusters of another number of segments are no segments
    ("alternative_segments", "segments"),
    # who changed may be gone today, and so may the persona of a day in the past
    ("segment_changes", "customer_segments"),
    ("segment_sizes", "personas"),
    ("segment_sizes", "segments"),
    # a persona may have no segment
    ("campaign_recommendations", "segments"),
    # customers without a segment
    ("customer_lifetime_value", "customers"),
    ("mall_customer_features", "customers"),
    ("retail_customer_features", "customers"),
    ("sales_customer_features", "customers"),
    # they have rows without evidence, which `feature_summary` is part of
    ("alternative_segments", "feature_summary"),
    ("prediction_features", "feature_summary"),
    ("rfm_thresholds", "feature_summary"),
    # an experiment keeps the customers, segments and personas of its start, whatever became of them, and may try a campaign
    # that the seeds recommend to no persona
    ("campaign_assignments", "customer_segments"),
    ("campaign_assignments", "segments"),
    ("experiment_audiences", "segmentation_fits"),
    *product(
        ("budget_plan", "campaign_aggregates", "campaign_assignments", "campaign_effects", "experiment_plans"),
        ("campaign_recommendations", "personas", "segmentation_fits"),
    ),
}


def test_every_reference_between_public_tables_is_tested(manifest):
    columns = {node["alias"]: set(node["columns"]) for node in models(manifest).values() if node["access"] == "public"}
    tables = {node["name"]: node["alias"] for node in manifest["nodes"].values()}
    refers_to = {name: set() for name in columns}
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {"name": ""}
        name = tables.get((node.get("attached_node") or "").split(".")[-1])
        if test["name"] in ("relationships", "refers_to"):
            to = tables[re.search(r"ref\('(\w+)'\)", test["kwargs"]["to"])[1]]
            field = test["kwargs"].get("field")
            fields = [field] if field else test["kwargs"].get("fields", test["kwargs"].get("columns"))
            refers_to[name].add(to)
            assert tuple(fields) in keys_of(manifest, to), f"{node['name']} names no key"

    def reached(name: str) -> set[str]:
        found, todo = set(), {name}
        while todo:
            found |= todo
            todo = {to for one in todo for to in refers_to[one]} - found
        return found

    missing = {
        (name, home)
        for name in columns
        for key, home in HOME_OF_KEY.items()
        if set(key) <= columns[name] and home not in reached(name)
    }
    assert missing == REFERS_TO_NOTHING


def keys_of(manifest: dict, name: str) -> list[tuple[str, ...]]:
    """Return the keys of a table, as its tests name them."""
    return [
        tuple(node["test_metadata"]["kwargs"]["columns"])
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "has_key"
        and manifest["nodes"][node["attached_node"]]["alias"] == name
    ]


def test_descriptions_travel_along_as_comments(built):
    missing = built.published_query(
        """
        select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''
        union all
        select table_name, null from duckdb_tables() where coalesce(comment, '') = ''
        """
    )
    assert missing == []


def test_files_can_be_opened_by_duckdb_1(built):
    for file in (built.database, built.published / "marts.duckdb"):
        # the storage version stands in bytes 12 to 20 of the header; DuckDB 1.x opens 64 to 68
        version = int.from_bytes(file.read_bytes()[12:20], "little")
        assert 64 <= version <= 68, file


def test_publication_waits_for_every_other_node(manifest):
    """Whatever can fail is upstream of the publication, so nothing is published when it does."""
    parents = manifest["parent_map"]
    upstream, todo = set(), ["model.customer_segmentation.published_tables"]
    while todo:
        for parent in parents[todo.pop()]:
            if parent not in upstream:
                upstream.add(parent)
                todo.append(parent)
    nodes = {name for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    waited_for_by_none = {
        "published_tables",
        "unit_test_customer_features",  # never built
        "mall_data_differences",  # only warns
        "fit_bins",
        "tables_to_record",
        "recorded_days",  # the history, which follows the publication
    }
    assert {name.split(".")[-1] for name in nodes - upstream} == waited_for_by_none


def test_every_relation_with_a_suite_was_checked(built):
    checked = {name for (name,) in built.query("select distinct relation from marts.data_quality_results")}
    assert checked == {
        suite["relation"] for suite in load_suites(*(built.folder / "quality").iterdir(), built.folder / "quality")
    }


def test_everything_is_described(built, manifest):
    described = {
        **manifest["nodes"],
        **manifest["exposures"],
        **manifest["unit_tests"],
        **{key: value for key, value in manifest["macros"].items() if value["package_name"] == "customer_segmentation"},
    }
    missing = [
        name
        for name, node in described.items()
        if not node["description"].strip() and node["resource_type"] != "operation"  # hooks cannot be described
    ]
    missing += [
        f"{name}({argument['name']})"
        for name, macro in manifest["macros"].items()
        if macro["package_name"] == "customer_segmentation"
        for argument in macro["arguments"]
        if not (argument.get("description") or "").strip()
    ]
    for name, node in manifest["nodes"].items():
        if node["resource_type"] in ("model", "seed") and node["config"]["materialized"] != "ephemeral":
            columns = built.query(f"select column_name from (describe {node['schema']}.{node['alias']})")
            missing += [
                f"{name}.{column}"
                for (column,) in columns
                if not node["columns"].get(column, {}).get("description", "").strip()
            ]
    assert missing == []


def test_descriptions_start_with_the_grain(manifest):
    wrong = [
        name
        for name, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed") and not node["description"].startswith("One row per")
    ]
    assert wrong == []


def test_the_documentation_can_be_generated(rebuilt):
    run = rebuilt.dbt("docs", "generate")
    assert run.returncode == 0, run.stdout + run.stderr
    assert (rebuilt.folder / "target/catalog.json").is_file()
