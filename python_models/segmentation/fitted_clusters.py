"""Fit every segmentation: scaling and K-Means by segmentation.fitting.fit_segmentations."""

from datetime import UTC, datetime

import numpy as np

from segmentation.fitting import FITTED_CLUSTERS, fit_segmentations
from segmentation.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    inputs = dbt.ref("segmentation_inputs")

    def read_points(segmentation, n_features):
        columns = [f"value_{position}" for position in range(1, n_features + 1)]
        values = inputs.filter(f"segmentation = '{segmentation}'").project(", ".join(columns)).fetchnumpy()
        return np.column_stack([values[column] for column in columns])

    fitted = fit_segmentations(
        dbt.ref("k_choices").df(),
        dbt.ref("segmentation_features").df(),
        dbt.ref("persona_prototypes").df(),
        read_points,
        starts=settings["starts"],
        seed=settings["seed"],
        fitted_at=datetime.now(UTC).replace(tzinfo=None),
    )
    return typed_relation(session, fitted, FITTED_CLUSTERS)
