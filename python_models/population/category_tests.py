"""Test how far groups of customers differ in each feature: segmentation.relationships.compare_groups."""

from segmentation.frames import typed_relation
from segmentation.relationships import CATEGORY_TESTS, compare_groups


def model(dbt, session):
    tests = compare_groups(dbt.ref("category_statistics").df())
    return typed_relation(session, tests, CATEGORY_TESTS)
