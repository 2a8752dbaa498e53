"""Compute what is expected of each pattern of purchases: lifetime_value.scores.score_patterns."""

from customer_segmentation.lifetime_value.scores import LIFETIME_VALUE_SCORES, score_patterns
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    scores = score_patterns(dbt.ref("purchase_patterns").order("all").df(), dbt.ref("lifetime_value_fits").df())
    return typed_relation(session, scores, LIFETIME_VALUE_SCORES)
