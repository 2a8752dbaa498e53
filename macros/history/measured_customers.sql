{#
    What the drift checks look at, as common table expressions that end in `measured`: per segmentation and customer the
    values of the model's features, the distance to the nearest centre, and the cluster, a row for each `measure`.
    Example: with {{ measured_customers(fitted_shapes(), ref('segmentation_inputs'), ref('fitted_clusters')) }}
#}
{% macro measured_customers(shapes, inputs, centroids) %}
{% for shape in shapes %}
{% set values = [] %}
{% for position in range(1, shape.features + 1) %}{% do values.append('value_' ~ position) %}{% endfor %}
{{ customer_segmentation.nearest_clusters(shape, inputs, centroids, values) }},

{% endfor %}
measured as (

    {% for shape in shapes %}
    {% for position in range(1, shape.features + 1) %}
    select
        '{{ shape.segmentation }}' as segmentation,
        'feature {{ position }}' as measure,
        customer_id,
        value_{{ position }} as value
    from {{ shape.segmentation }}_assigned
    union all
    {% endfor %}
    select
        '{{ shape.segmentation }}' as segmentation,
        'distance' as measure,
        customer_id,
        sqrt(squared) as value
    from {{ shape.segmentation }}_assigned
    union all
    select
        '{{ shape.segmentation }}' as segmentation,
        'segment' as measure,
        customer_id,
        cast(cluster_id as double) as value
    from {{ shape.segmentation }}_assigned
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ customer_segmentation.no_rows(
        ['segmentation', 'measure', 'customer_id'], double=['value']
    ) if not shapes }}

)
{%- endmacro %}
