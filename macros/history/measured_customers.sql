{#
    What the drift checks look at, as common table expressions that end in <segmentation>_measured: per customer the
    drift_measures() of one segmentation, as measure_1, measure_2 and so on. `shape` is one of fitted_shapes().
    Example:
        with {{ measured_customers(shape, ref('segmentation_inputs'), ref('fitted_clusters')) }}
        select * from <segmentation>_measured
#}
{% macro measured_customers(shape, inputs, centroids) %}
{%- set values = [] -%}
{%- for position in range(1, shape.features + 1) %}{% do values.append('value_' ~ position) %}{% endfor -%}
{{ customer_segmentation.nearest_clusters(shape, inputs, centroids, values) }},

{{ shape.segmentation }}_measured as (

    select
        customer_id,
        {%- for value in values %}
        {{ value }} as measure_{{ loop.index }},
        {%- endfor %}
        sqrt(squared) as measure_{{ shape.features + 1 }},
        cast(cluster_id as double) as measure_{{ shape.features + 2 }}
    from {{ shape.segmentation }}_assigned

)
{%- endmacro %}
