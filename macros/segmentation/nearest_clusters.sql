{#
    The nearest cluster of every customer of one segmentation, as common table expressions that end in
    <segmentation>_assigned. `shape` is one of fitted_shapes(). Plain arithmetic on one row per customer: no Python, no
    arrays, no aggregation, so it runs on any engine, and the order of additions, and therefore every label, is always
    the same. Of two equally near clusters, the one with the lower id wins, as in scikit-learn. Columns of the inputs
    that are listed in `carried` come along. `named` takes the place of <segmentation> in the names, for a model that
    looks at one segmentation several times.
    Example:
        with {{ nearest_clusters(shape, ref('segmentation_inputs'), ref('fitted_clusters')) }}
        select * from <segmentation>_assigned
#}
{% macro nearest_clusters(shape, inputs, centroids, carried=[], named=none) %}
{%- set clusters = range(1, shape.clusters + 1) -%}
{%- set positions = range(1, shape.features + 1) -%}
{%- set name = named or shape.segmentation -%}
{{ name }}_model as (

    select
        max(model_version) as model_version,
        {%- for position in positions %}
        max(case when position = {{ position }} then scaler_center end) as center_{{ position }},
        max(case when position = {{ position }} then scaler_scale end) as scale_{{ position }},
        {%- endfor %}
        {%- for cluster in clusters %}
        {%- set last_cluster = loop.last %}
        {%- for position in positions %}
        max(case when cluster_id = {{ cluster }} and position = {{ position }} then scaled_centroid end)
            as centroid_{{ cluster }}_{{ position }}{{ ',' if not (last_cluster and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    from {{ centroids }}
    where segmentation = '{{ shape.segmentation }}'

),

{{ name }}_scaled as (

    select
        inputs.customer_id,
        {%- for column in carried %}
        inputs.{{ column }},
        {%- endfor %}
        {{ customer_segmentation.value_fingerprint(shape.features) }} as fingerprint,
        {%- for position in positions %}
        (inputs.value_{{ position }} - model.center_{{ position }}) / model.scale_{{ position }}
            as scaled_{{ position }},
        {%- endfor %}
        model.*
    from {{ inputs }} as inputs
    cross join {{ name }}_model as model
    where inputs.segmentation = '{{ shape.segmentation }}'

),

{{ name }}_parts as (

    select
        customer_id,
        {%- for column in carried %}
        {{ column }},
        {%- endfor %}
        model_version,
        fingerprint,
        {%- for cluster in clusters %}
        {%- set last_cluster = loop.last %}
        {%- for position in positions %}
        {%- set difference = 'scaled_' ~ position ~ ' - centroid_' ~ cluster ~ '_' ~ position %}
        ({{ difference }}) * ({{ difference }}) as part_{{ cluster }}_{{ position }}{{
            ',' if not (last_cluster and loop.last)
        }}
        {%- endfor %}
        {%- endfor %}
    from {{ name }}_scaled

),

{{ name }}_distances as (

    select
        parts.*,
        {%- for cluster in clusters %}
        {% for position in positions %}{{ ' + ' if not loop.first }}part_{{ cluster }}_{{ position }}{% endfor %}
            as squared_{{ cluster }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ name }}_parts as parts

),

{{ name }}_first as (

    select
        distances.*,
        least({% for cluster in clusters %}squared_{{ cluster }}{{ ', ' if not loop.last }}{% endfor %}) as squared
    from {{ name }}_distances as distances

),

{{ name }}_assigned as (

    select
        first.*,
        case squared
            {%- for cluster in clusters %}
            when squared_{{ cluster }} then {{ cluster }}
            {%- endfor %}
        end as cluster_id
    from {{ name }}_first as first

)
{%- endmacro %}
