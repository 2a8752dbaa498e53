{#
    The nearest and the second nearest cluster of every customer of one segmentation, and the positions of the two features
    that spoke most for the nearest against the second, as common table expressions that end in <segmentation>_nearest.
    `shape` is one of fitted_shapes(). Plain arithmetic on one row per customer: no Python, no arrays, no aggregation, so it
    runs on any engine and the order of additions, and with it every label, is always the same. Of two clusters that are
    equally near the one with the lower id wins, as in scikit-learn.
    Example:
        with {{ nearest_clusters(shape, ref('segmentation_inputs'), ref('cluster_centroids')) }}
        select * from <segmentation>_nearest
#}
{% macro nearest_clusters(shape, inputs, centroids) %}
{%- set clusters = range(1, shape.clusters + 1) -%}
{%- set positions = range(1, shape.features + 1) -%}
{%- set name = shape.segmentation -%}
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
    where segmentation = '{{ name }}'

),

{{ name }}_scaled as (

    select
        inputs.customer_id,
        {{ customer_segmentation.value_fingerprint(shape.features) }} as fingerprint,
        {%- for position in positions %}
        (inputs.value_{{ position }} - model.center_{{ position }}) / model.scale_{{ position }}
            as scaled_{{ position }},
        {%- endfor %}
        model.*
    from {{ inputs }} as inputs
    cross join {{ name }}_model as model
    where inputs.segmentation = '{{ name }}'

),

{{ name }}_parts as (

    select
        customer_id,
        model_version,
        fingerprint,
        {%- for cluster in clusters %}
        {%- set last_cluster = loop.last %}
        {%- for position in positions %}
        {%- set difference = 'scaled_' ~ position ~ ' - centroid_' ~ cluster ~ '_' ~ position %}
        ({{ difference }}) * ({{ difference }}) as part_{{ cluster }}_{{ position }}{{ ',' if not (last_cluster and loop.last) }}
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

),

{{ name }}_second as (

    select
        assigned.*,
        least(
            {%- for cluster in clusters %}
            case when cluster_id <> {{ cluster }} then squared_{{ cluster }} end{{ ',' if not loop.last }}
            {%- endfor %}
        ) as runner_up_squared
    from {{ name }}_assigned as assigned

),

{{ name }}_runner_up as (

    select
        second.*,
        case
            {%- for cluster in clusters %}
            when cluster_id <> {{ cluster }} and squared_{{ cluster }} = runner_up_squared then {{ cluster }}
            {%- endfor %}
        end as runner_up_cluster_id
    from {{ name }}_second as second

),

{{ name }}_contributions as (

    select
        runner_up.*,
        {%- for position in positions %}
        case runner_up_cluster_id{% for cluster in clusters %} when {{ cluster }} then part_{{ cluster }}_{{ position }}{% endfor %} end
        - case cluster_id{% for cluster in clusters %} when {{ cluster }} then part_{{ cluster }}_{{ position }}{% endfor %} end
            as contribution_{{ position }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ name }}_runner_up as runner_up

),

{{ name }}_decided as (

    select
        contributions.*,
        case
            {%- for position in positions %}
            when true
            {%- for other in positions if other != position %} and contribution_{{ position }} >= contribution_{{ other }}{% endfor %}
                then {{ position }}
            {%- endfor %}
        end as deciding_position
    from {{ name }}_contributions as contributions

),

{{ name }}_nearest as (

    select
        '{{ name }}' as segmentation,
        '{{ shape.dataset }}' as dataset,
        customer_id,
        model_version,
        fingerprint,
        cluster_id,
        runner_up_cluster_id,
        sqrt(squared) as distance,
        sqrt(runner_up_squared) as runner_up_distance,
        deciding_position,
        -- what spoke against the cluster did not decide for it
        case
            {%- for position in positions %}
            when deciding_position <> {{ position }} and contribution_{{ position }} > 0
            {%- for other in positions if other != position %}
                and (deciding_position = {{ other }} or contribution_{{ position }} >= contribution_{{ other }})
            {%- endfor %}
                then {{ position }}
            {%- endfor %}
        end as second_deciding_position
    from {{ name }}_decided

)
{%- endmacro %}
