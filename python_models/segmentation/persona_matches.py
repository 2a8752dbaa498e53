"""Match personas to clusters: optimal assignment by personas.matching.match_personas."""

from customer_segmentation.personas.matching import PERSONA_MATCHES, match_personas
from customer_segmentation.progress import note
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    prototypes, clusters = dbt.ref("persona_prototypes").df(), dbt.ref("fitted_clusters").df()
    matches = match_personas(prototypes, clusters, dbt.ref("kept_segments").df(), notify=note)
    return typed_relation(session, matches, PERSONA_MATCHES)
