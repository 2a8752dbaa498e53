-- One row per segmentation and customer: the segment, the distance from its centre, the runner-up and the deciding
-- features.
{{ config(pre_hook='{{ log_customer_changes() }}') }}
{% set shapes = fitted_shapes() %}
{% set inputs, centroids = ref('segmentation_inputs'), ref('cluster_centroids') %}
with

{% for shape in shapes %}
{{ nearest_clusters(shape, inputs, centroids) }},

{{ deciding_features(shape) }},
{% endfor %}

nearest as (

    {% for shape in shapes %}
    select * from {{ shape.segmentation }}_nearest
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

personas as (

    select
        segmentation,
        cluster_id,
        segment_id,
        segment_key,
        persona
    from {{ ref('personas') }}
    where cluster_id is not null

),

features as (

    select
        segmentation,
        position,
        feature
    from {{ ref('segmentation_features') }}

),

measured as (

    select
        nearest.*,
        -- if both centres coincide with the customer, there is no margin
        coalesce(1 - distance / nullif(runner_up_distance, 0), 0) as margin
    from nearest

),

final as (

    select
        measured.segmentation,
        measured.dataset,
        measured.customer_id,
        measured.cluster_id,
        personas.persona,
        measured.distance,
        measured.runner_up_cluster_id,
        runner_up_personas.persona as runner_up_persona,
        measured.runner_up_distance,
        measured.margin,
        measured.margin < {{ var('borderline_margin') }} as is_borderline,
        deciding.feature as deciding_feature,
        second_deciding.feature as second_deciding_feature,
        measured.model_version,
        measured.fingerprint,
        personas.segment_id,
        case
            when before.segment_id = personas.segment_id then before.previous_persona
            else before.persona
        end as previous_persona,
        case
            when before.segment_id = personas.segment_id then before.changed_on
            when before.segment_id is not null then days.day
        end as changed_on,
        case
            when before.segment_id = personas.segment_id
                then cast({{ dbt.datediff('before.segment_since', 'days.day', 'day') }} as int)
            else 0
        end as days_in_segment,
        personas.segment_key
    from measured
    inner join {{ ref('build_days') }} as days
        on measured.dataset = days.dataset
    left join {{ ref('recorded_segments') }} as before
        on measured.segmentation = before.segmentation and measured.customer_id = before.customer_id
    inner join personas
        on measured.segmentation = personas.segmentation and measured.cluster_id = personas.cluster_id
    inner join personas as runner_up_personas
        on
            measured.segmentation = runner_up_personas.segmentation
            and measured.runner_up_cluster_id = runner_up_personas.cluster_id
    left join features as deciding
        on measured.segmentation = deciding.segmentation and measured.deciding_position = deciding.position
    left join features as second_deciding
        on
            measured.segmentation = second_deciding.segmentation
            and measured.second_deciding_position = second_deciding.position

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
