"""List the clusters with one segment fewer and one more: personas.alternatives.alternative_clusters."""

from customer_segmentation.personas.alternatives import ALTERNATIVE_CLUSTERS, alternative_clusters
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    criteria, fitted = dbt.ref("k_criteria").df(), dbt.ref("fitted_clusters").df()
    clusters = alternative_clusters(criteria, fitted, dbt.ref("persona_prototypes").df())
    return typed_relation(session, clusters, ALTERNATIVE_CLUSTERS)
