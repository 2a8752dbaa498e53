"""A measured experiment in an invented publication: who took part, and what the campaign has changed."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from customer_segmentation.experiments.effects import campaign_effects
from helpers.contracts import contracts
from helpers.small_movement import SHOP

EXPERIMENT = "spring_letter"
LIFT = {"Often": 9.0, "Seldom": 0.0}  # money that the campaign brings of each customer
OF_EXPERIMENT = {
    "experiment": EXPERIMENT, "campaign_id": "campaign_1_1", "starts_on": pd.Timestamp("2024-03-01"),
    "ends_on": pd.Timestamp("2024-03-30"), "is_synthetic": False,
}  # fmt: skip
# step, customers, left out, why
STEPS = (
    ("eligible", 1640, 0, None),
    ("contactable", 1610, 30, "20 suppressed, 10 without consent"),
    ("not in another experiment", 1600, 10, "in an experiment whose window overlaps"),
    ("not capped", 1600, 0, None),
    ("assigned", 1600, 0, None),
    ("treated", 800, 800, "in the control"),
    ("control", 800, 800, "treated"),
)


def add_experiment(
    path: Path, segmentation: str = SHOP.segmentation, dataset: str = SHOP.dataset, *, has_results: bool = True
) -> Path:
    """Give a publication an experiment of 400 customers in each arm and persona; one proven gain, one unproven."""
    generator = np.random.default_rng(11)
    rows = []
    for place, (persona, lift) in enumerate(LIFT.items(), start=1):
        for arm in ("treated", "control"):
            before = generator.exponential(20, 400)
            purchases = generator.poisson(before / 20 + 0.2)
            money = purchases * generator.exponential(20, 400) + (lift if arm == "treated" else 0.0)
            for metric, outcome in {"bought": purchases > 0, "purchases": purchases, "money": money}.items():
                values = np.asarray(outcome, dtype=float)
                rows.append(
                    {
                        **OF_EXPERIMENT, "dataset": dataset, "segmentation": segmentation,
                        "persona_id": f"persona_{place}", "persona": persona, "arm": arm, "metric": metric,
                        "customers": 400, "outcome_sum": values.sum(), "outcome_squares": (values**2).sum(),
                        "before_sum": before.sum(), "before_squares": (before**2).sum(),
                        "product_sum": (values * before).sum(), "is_outcome": metric == "money",
                        "purchases_money_product": (purchases * money).sum() if metric == "money" else None,
                        "control_share": 0.5, "is_complete": has_results,
                        "results_until": OF_EXPERIMENT["ends_on"] if has_results else pd.NaT,
                    }
                )  # fmt: skip
    steps = pd.DataFrame(STEPS, columns=["step", "customers", "left_out", "left_out_because"]).assign(
        **OF_EXPERIMENT, dataset=dataset, segmentation=segmentation, day=pd.Timestamp("2024-03-31"),
        campaign="Campaign 1.1", channel="email",
        offer="An offer", status="finished" if has_results else "planned", minimum_control=100, position=range(1, len(STEPS) + 1),
    )  # fmt: skip
    effects = campaign_effects(pd.DataFrame(rows), currency="$")
    with duckdb.connect(str(path)) as database:
        for table, frame in {"campaign_effects": effects, "experiment_audiences": steps}.items():
            columns = ", ".join(f"{column} {data_type}" for column, data_type in contracts()[table].items())
            database.execute(f"create table if not exists {table} ({columns})")
            database.register("frame", frame)
            database.execute(f"insert into {table} by name from frame")
            database.unregister("frame")
    return path
