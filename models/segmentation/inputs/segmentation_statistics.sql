-- One row per segmentation and position: the number of customers, the distribution of their values, the scaling, and
-- whether the fit uses a sample first.
{% set wanted = segmentation_inputs_wanted() %}
with

{% for segmentation in wanted %}
{{ value_spread(
    segmentation.segmentation, segmentation.dataset, segmentation.features | length, ref('segmentation_inputs')
) }},
{% endfor %}

spreads as (

    {% for segmentation in wanted %}
    select * from {{ segmentation.segmentation }}_spread
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        spreads.*,
        case segmentations.scaling
            when 'standard' then spreads.mean
            when 'min_max' then spreads.minimum
            else 0.0
        end as scaler_center,
        -- a feature that is the same for all customers adds nothing to a distance
        case
            when spreads.minimum = spreads.maximum then 1.0
            when segmentations.scaling = 'standard' then spreads.standard_deviation
            when segmentations.scaling = 'min_max' then spreads.maximum - spreads.minimum
            else 1.0
        end / segmentation_features.weight as scaler_scale,
        spreads.customers > {{ var('exact_customers') }} and spreads.distinct_rows > {{ var('coreset_customers') }}
            as is_sampled
    from spreads
    inner join {{ ref('applied_segmentations') }} as segmentations
        on spreads.segmentation = segmentations.segmentation
    inner join {{ ref('segmentation_features') }} as segmentation_features
        on
            spreads.segmentation = segmentation_features.segmentation
            and spreads.position = segmentation_features.position

)

select * from final
