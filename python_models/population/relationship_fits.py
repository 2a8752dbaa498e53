"""Fit how features depend on each other: evidence.relationships.fit_relationships."""

from customer_segmentation.evidence.relationships import RELATIONSHIP_FITS, fit_relationships
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    fits = fit_relationships(dbt.ref("feature_pairs").df())
    return typed_relation(session, fits, RELATIONSHIP_FITS)
