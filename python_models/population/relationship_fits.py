"""Fit how features depend on each other: segmentation.relationships.fit_relationships."""

from segmentation.frames import typed_relation
from segmentation.relationships import RELATIONSHIP_FITS, fit_relationships


def model(dbt, session):
    fits = fit_relationships(dbt.ref("feature_pairs").df())
    return typed_relation(session, fits, RELATIONSHIP_FITS)
