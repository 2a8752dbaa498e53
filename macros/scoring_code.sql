{#
    Fingerprint of the SQL that scores customers. It is part of what a row of `customer_segments` depends on: rows that an
    older version of this project wrote are written anew.
#}
{% macro scoring_code() %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% set shape = {'segmentation': 'segmentation', 'dataset': 'dataset', 'clusters': 2, 'features': 2} %}
    {% set model = graph.nodes['model.customer_segmentation.customer_segments'] %}
    {{ return(local_md5(model.raw_code ~ customer_segmentation.nearest_clusters(shape, 'inputs', 'centroids'))) }}
{% endmacro %}
