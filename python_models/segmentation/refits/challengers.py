"""Fit every segmentation that the plans say: scaling and K-Means by clustering.fitting.fit_segmentations."""

from datetime import UTC, datetime
from functools import cache

from customer_segmentation.clustering.fitting import FITTED_CLUSTERS, Search, fit_segmentations
from customer_segmentation.progress import Progress, note
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    inputs, coresets = dbt.ref("segmentation_inputs"), dbt.ref("segmentation_coresets")
    features = dbt.ref("segmentation_features").df()
    choices = dbt.ref("k_choices").df()
    plans = dbt.ref("refit_plans").df()
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
        if settings["on_spark"]:
            # needs what the extra `spark` installs
            from customer_segmentation.spark.lake import query_lake

            customers = f"select * from ({inputs.sql_query()}) as inputs where segmentation = '{segmentation}'"
            return query_lake(session, f"with customers as ({customers}) {sql}")
        return customers_of(segmentation).query("customers", sql).fetchall()

    fitted = fit_segmentations(
        choices[choices["segmentation"].isin(plans.loc[plans["is_fitted"], "segmentation"])],
        features,
        dbt.ref("persona_prototypes").df(),
        dbt.ref("segmentation_statistics").df(),
        read_rows,
        query_customers,
        search=Search(**settings["search"]),
        fitted_at=datetime.now(UTC).replace(tzinfo=None),
        progress=Progress("passes over all customers"),
    )
    for name, reason in fitted.dropna(subset="fallback").groupby("segmentation")["fallback"].first().items():
        note(f"{name}: {reason}")
    return typed_relation(session, fitted, FITTED_CLUSTERS)
