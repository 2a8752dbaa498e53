{#
    Adds to the nearest cluster of every customer the second nearest one, and the positions of the two features that
    favour the nearest over the second the most. Continues where nearest_clusters() ends, and ends in
    <segmentation>_nearest.
    Example:
        with {{ nearest_clusters(shape, ref('segmentation_inputs'), ref('fitted_clusters')) }},
        {{ deciding_features(shape) }}
        select * from <segmentation>_nearest
#}
{% macro deciding_features(shape) %}
{%- set clusters = range(1, shape.clusters + 1) -%}
{%- set positions = range(1, shape.features + 1) -%}
{%- set name = shape.segmentation -%}
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
        case runner_up_cluster_id{% for cluster in clusters %} when {{ cluster }} then part_{{ cluster }}_{{
            position
        }}{% endfor %} end
        - case cluster_id{% for cluster in clusters %} when {{ cluster }} then part_{{ cluster }}_{{
            position
        }}{% endfor %} end
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
            {%- for other in positions if other != position %} and contribution_{{
                position
            }} >= contribution_{{ other }}{% endfor %}
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
        -- a feature that favours the other cluster did not decide for this one
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
