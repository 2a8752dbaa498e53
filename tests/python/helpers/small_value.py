"""What the customers of an invented publication are worth: RFM scores and groups, and cohorts of three months."""

from pathlib import Path

import duckdb
import pandas as pd

from helpers.contracts import contracts
from helpers.small_movement import SHOP

ROOT = Path(__file__).resolve().parents[3]
# money of the customers of each cell: recency score, value score, RFM group, amounts
CELLS = (
    (5, 5, "champions", (900.0, 500.0, 400.0)),
    (5, 4, "champions", (100.0,)),
    (3, 3, "need_attention", (50.0, 30.0)),
    (1, 1, "lost", (15.0, 5.0)),
    (None, None, "no_purchase", (0.0, 0.0)),
)
# first month, month, months since, customers, buyers, lapsed, money
COHORTS = """
    select
        ? as dataset, cast(first_month_end as date) as first_month_end, cast(month_end as date) as month_end,
        months_since, customers, buyers, lapsed, money
    from (values
        ('2024-01-31', '2024-01-31', 0, 100, 100, 0, 1000.0), ('2024-01-31', '2024-02-29', 1, 100, 60, 0, 700.0),
        ('2024-01-31', '2024-03-31', 2, 100, 50, 30, 500.0), ('2024-02-29', '2024-02-29', 0, 40, 40, 0, 300.0),
        ('2024-02-29', '2024-03-31', 1, 40, 10, 0, -20.0), ('2024-03-31', '2024-03-31', 0, 20, 20, 0, 150.0)
    ) as t (first_month_end, month_end, months_since, customers, buyers, lapsed, money)
"""
# the campaigns of two groups; the score of a survey has none
CAMPAIGNS = pd.DataFrame(
    {
        "rfm_group_id": ["champions", "lost"], "campaign_id": ["early_access", "flash_sale"],
        "campaign": ["Early Access", "Flash Sale"], "channel": "app_push", "offer": ["New things first", "Half price"],
        "rationale": ["It costs no margin", "It is cheap"], "other_campaigns": ["Premium Loyalty, VIP Evening", None],
    }
)  # fmt: skip
TABLES = ("rfm_scores", "rfm_groups", "rfm_group_segments", "rfm_thresholds", "purchase_cohorts")


def add_value(
    path: Path,
    *,
    dataset: str = SHOP.dataset,
    segmentation: str = SHOP.segmentation,
    cells=CELLS,
    feature: str = "monetary_value",
    is_money: bool = True,
    first_id: str = "C0000",
) -> Path:
    """Give the customers of a dataset scores, groups and cohorts, as a build does; a score instead of money if asked for."""
    definitions = pd.read_csv(ROOT / "seeds/judgement/rfm_group_definitions.csv")
    names = definitions.set_index("rfm_group")["display_name"]
    rows = [(recency, value, group, money) for recency, value, group, amounts in cells for money in amounts]
    scores = pd.DataFrame(rows, columns=["recency_score", "value_score", "rfm_group_id", "monetary"])
    scores = scores.assign(
        dataset=dataset, customer_id=[first_id, *(f"C{place:04d}" for place in range(1, len(scores)))],
        rfm_group=scores["rfm_group_id"].map(names), frequency_score=scores["value_score"],
        monetary_score=scores["value_score"], recency=40.0 - 5 * scores["recency_score"], frequency=2.0,
        purchase_history="repeated" if is_money else "some",
    )  # fmt: skip
    sums = scores.groupby("rfm_group_id")["monetary"].agg(["size", "sum", "mean"])
    counts = definitions["rfm_group"].map(sums["size"]).fillna(0).astype(int)
    total = scores["monetary"].sum()
    shares = definitions["rfm_group"].map(sums["sum"]).fillna(0) / (total or float("nan"))
    groups = pd.DataFrame(
        {
            "dataset": dataset, "position": definitions["position"], "rfm_group_id": definitions["rfm_group"],
            "rfm_group": definitions["display_name"], "description": definitions["description"],
            "advice": definitions["advice"], "customers": counts, "share_of_customers": counts / len(scores),
            "one_time_buyers": 0, "mean_monetary": definitions["rfm_group"].map(sums["mean"]),
            "share_of_monetary": shares if is_money else float("nan"),
        }
    ).merge(CAMPAIGNS if is_money else CAMPAIGNS.head(0), how="left", on="rfm_group_id")  # fmt: skip
    limits = pd.DataFrame(
        {
            "dataset": dataset, "measure": ["recency", "monetary"], "feature": ["recency_days", feature], "score": 3,
            "up_to": [30.0, 100.0], "origin": "quintile",
        }
    )  # fmt: skip
    with duckdb.connect(str(path)) as database:
        for table in TABLES:
            columns = ", ".join(f"{column} {data_type}" for column, data_type in contracts()[table].items())
            database.execute(f"create table if not exists {table} ({columns})")
        for table, frame in (("rfm_scores", scores), ("rfm_groups", groups), ("rfm_thresholds", limits)):
            database.register("frame", frame)
            database.execute(f"insert into {table} by name from frame")
            database.unregister("frame")
        database.execute(
            """
            insert into rfm_group_segments by name
            select *, customers / sum(customers) over (partition by cluster_id) as share_of_segment
            from (
                select
                    segments.segmentation, segments.dataset, segments.cluster_id, segments.persona, scores.rfm_group_id,
                    scores.rfm_group, count(*) as customers
                from customer_segments as segments
                inner join rfm_scores as scores
                    on segments.dataset = scores.dataset and segments.customer_id = scores.customer_id
                where segments.segmentation = ?
                group by all
            )
            """,
            [segmentation],
        )
        if is_money:
            database.execute(f"insert into purchase_cohorts by name {COHORTS}", [dataset])
    return path


# what a year is expected to bring of each customer of a cluster: purchases, money
EXPECTED = """
    insert into customer_lifetime_value by name
    select
        dataset, customer_id, dataset || '/' || customer_id as customer_key,
        case when cluster_id = 1 then 4.0 else 0.5 end as expected_purchases_365_days,
        case when cluster_id = 1 then 90.0 else 10.0 end as expected_money_365_days, '$' as currency
    from customer_segments
    where segmentation = ?
"""
FINDING = "The tenth of whom the model expected most brought 40 % of the later money. The simple rule does as well."
# ranking, kind, share of the later money, verdict
RANKED = (
    ("lifetime_value", "model", 0.40, None), ("money", "rule", 0.38, "as good"), ("oracle", "bound", 0.7, "holds more"),
)  # fmt: skip


def add_expected_value(
    path: Path, *, dataset: str = SHOP.dataset, segmentation: str = SHOP.segmentation, problem: str | None = None
) -> Path:
    """Say what is expected of the customers of a dataset, and how good that is; with a problem, why nothing is."""
    models = pd.DataFrame(
        {"dataset": [dataset], "model": "purchases", "parameter": "r", "status": problem or "converged"}
    )
    checks = pd.DataFrame(RANKED, columns=["ranking", "kind", "share_held", "verdict"]).assign(
        dataset=dataset, outcome="money", known_until=pd.Timestamp("2023-12-31"), finding=[FINDING, None, None],
        expected_total=[4000.0, None, None], observed_total=[3200.0, None, None],
        judged_until=pd.Timestamp("2024-03-31"), share_low=lambda rows: rows["share_held"] - 0.05,
        share_high=lambda rows: rows["share_held"] + 0.05,
    )  # fmt: skip
    frames = {"lifetime_value_models": models, "prediction_checks": checks.iloc[: 0 if problem else None]}
    with duckdb.connect(str(path)) as database:
        for table in ("customer_lifetime_value", *frames):
            columns = ", ".join(f"{column} {data_type}" for column, data_type in contracts()[table].items())
            database.execute(f"create table {table} ({columns})")
        for table, frame in frames.items():
            database.register("frame", frame)
            database.execute(f"insert into {table} by name from frame")
            database.unregister("frame")
        if not problem:
            database.execute(EXPECTED, [segmentation])
    return path
