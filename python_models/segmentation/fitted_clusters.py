"""Fit every segmentation: scaling and K-Means by segmentation.fitting.fit_segmentations."""

from datetime import UTC, datetime
from functools import cache

from segmentation.fitting import FITTED_CLUSTERS, Search, fit_segmentations
from segmentation.frames import typed_relation
from segmentation_tools.progress import Progress


def model(dbt, session):
    settings = dbt.config.get("meta")
    inputs, coresets = dbt.ref("segmentation_inputs"), dbt.ref("segmentation_coresets")
    features = dbt.ref("segmentation_features").df()
    transformed = set(features.loc[features["transform"] != "none", "segmentation"])

    def read_rows(segmentation):
        return coresets.filter(f"segmentation = '{segmentation}'").df()

    @cache
    def customers_of(segmentation):
        customers = inputs.filter(f"segmentation = '{segmentation}'")
        if segmentation not in transformed:
            return customers
        # a logarithm takes longer than a pass, so it is taken once
        values = [column for column in customers.columns if column.startswith("value_")]
        customers.project(", ".join(values)).query(
            "customers", f"create or replace temp table {segmentation}_values as select * from customers"
        )
        return session.table(f"{segmentation}_values")

    def query_customers(segmentation, sql):
        return customers_of(segmentation).query("customers", sql).fetchall()

    fitted = fit_segmentations(
        dbt.ref("k_choices").df(),
        features,
        dbt.ref("persona_prototypes").df(),
        dbt.ref("segmentation_statistics").df(),
        read_rows,
        query_customers,
        search=Search(**settings["search"]),
        fitted_at=datetime.now(UTC).replace(tzinfo=None),
        progress=Progress("passes over all customers"),
    )
    return typed_relation(session, fitted, FITTED_CLUSTERS)
