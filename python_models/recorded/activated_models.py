"""List the models that somebody activated for this build: history.activation.activated_models."""

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from customer_segmentation.history.activation import Activation, activated_models
from customer_segmentation.warehouse.frames import typed_relation

ACTIVATED_MODELS = {"segmentation": "varchar", "dataset": "varchar", "model_version": "varchar", "last_day": "varchar"}


def model(dbt, session):
    folder = dbt.config.get("meta")["folder"]
    days = dbt.ref("build_days").df()
    segments = dbt.ref("recorded_clusters").df()
    previous = {
        row.dataset: None if pd.isna(row.previous_day) else str(row.previous_day.date()) for row in days.itertuples()
    }
    versions = dict(zip(segments["segmentation"], segments["model_version"], strict=True))
    found = activated_models(Path(folder), previous, versions) if folder else []
    frame = pd.DataFrame([asdict(one) for one in found], columns=list(Activation.__dataclass_fields__))
    return typed_relation(session, frame[list(ACTIVATED_MODELS)], ACTIVATED_MODELS)
