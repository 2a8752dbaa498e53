{#
    How many clusters and features each fitted segmentation has: [{segmentation, dataset, clusters, features}, ...]. The
    SQL that assigns customers is written out for exactly these numbers; the values themselves stay in the tables.
#}
{% macro fitted_shapes() %}
    {% set fitted_clusters = ref('fitted_clusters') %}
    {# before the first fit, one shape to render #}
    {% if not customer_segmentation.is_built(fitted_clusters) %}
        {{ return([{
            'segmentation': 'segmentation', 'dataset': customer_segmentation.names_in_var('datasets')[0],
            'clusters': 2, 'features': 1
        }]) }}
    {% endif %}
    {% set shapes = [] %}
    {% set query %}
        select segmentation, dataset, max(cluster_id), max(position)
        from {{ fitted_clusters }} group by 1, 2 order by 1
    {% endset %}
    {% for row in run_query(query).rows %}
        {% do shapes.append({
            'segmentation': row[0], 'dataset': row[1], 'clusters': row[2] | int, 'features': row[3] | int
        }) %}
    {% endfor %}
    {{ return(shapes) }}
{% endmacro %}
