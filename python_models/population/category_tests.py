"""Test how far groups of customers differ in each feature: evidence.relationships.compare_groups."""

from customer_segmentation.evidence.relationships import CATEGORY_TESTS, compare_groups
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    tests = compare_groups(dbt.ref("category_statistics").df())
    return typed_relation(session, tests, CATEGORY_TESTS)
