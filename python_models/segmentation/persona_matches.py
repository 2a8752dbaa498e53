"""Match personas to clusters: optimal assignment by segmentation.matching.match_personas."""

from segmentation.frames import typed_relation
from segmentation.matching import PERSONA_MATCHES, match_personas


def model(dbt, session):
    matches = match_personas(dbt.ref("persona_prototypes").df(), dbt.ref("fitted_clusters").df())
    return typed_relation(session, matches, PERSONA_MATCHES)
