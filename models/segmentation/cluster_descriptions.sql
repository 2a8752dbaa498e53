-- One row per segmentation and cluster: a description in words and figures, generated from the medians of its
-- customers.
with

-- Where many customers share one value, such as 0 calls, it can be the limit of the middle and typical of an end too.
limits as (

    select
        medium.dataset,
        medium.feature,
        medium.lowest_value as middle_begins,
        medium.highest_value as middle_ends,
        coalesce(low.typical_value = medium.lowest_value and high.typical_value > low.typical_value, false)
            as limit_is_low,
        coalesce(high.typical_value = medium.highest_value and low.typical_value < high.typical_value, false)
            as limit_is_high
    from {{ ref('feature_levels') }} as medium
    left join {{ ref('feature_levels') }} as low
        on
            medium.dataset = low.dataset
            and medium.feature = low.feature
            and low.level = 'low'
    left join {{ ref('feature_levels') }} as high
        on
            medium.dataset = high.dataset
            and medium.feature = high.feature
            and high.level = 'high'
    where medium.level = 'medium'

),

typical as (

    select
        cluster_medians.segmentation,
        cluster_medians.cluster_id,
        cluster_medians.position,
        case
            when cluster_medians.median is not null then {{ figure_text('cluster_medians.median', 'features.unit') }}
        end as median_text,
        case
            when cluster_medians.median < limits.middle_begins then features.low_phrase
            when cluster_medians.median > limits.middle_ends then features.high_phrase
            when cluster_medians.median = limits.middle_begins and limits.limit_is_low then features.low_phrase
            when cluster_medians.median = limits.middle_ends and limits.limit_is_high then features.high_phrase
            when cluster_medians.median is not null then features.middle_phrase
            else features.label || ' not known'
        end as phrase
    from {{ ref('cluster_medians') }} as cluster_medians
    inner join {{ ref('applied_segmentations') }} as segmentations
        on cluster_medians.segmentation = segmentations.segmentation
    inner join {{ ref('features') }} as features
        on
            segmentations.dataset = features.dataset
            and cluster_medians.feature = features.feature
    inner join limits
        on
            features.dataset = limits.dataset
            and features.feature = limits.feature

),

described as (

    select
        segmentation,
        cluster_id,
        -- a cluster of a stored model may have lost all its customers, and with them every median
        case
            when count(median_text) = 0 then 'no customers any more'
            else {{ dbt.listagg('phrase', "', '", 'order by position') }}
        end as phrases,
        case
            when count(median_text) = 0 then 'no customers any more'
            else {{ dbt.listagg("phrase || coalesce(' (' || median_text || ')', '')", "', '", 'order by position') }}
        end as phrases_with_figures
    from typical
    group by segmentation, cluster_id

),

capitalised as (

    select
        segmentation,
        cluster_id,
        upper(substr(phrases, 1, 1)) || substr(phrases, 2) as description,
        upper(substr(phrases_with_figures, 1, 1)) || substr(phrases_with_figures, 2) as description_with_figures,
        count(*) over (partition by segmentation, phrases) as clusters_like_this
    from described

),

final as (

    select
        segmentation,
        cluster_id,
        -- two clusters may get the same words, but a name must be unique
        case
            when clusters_like_this = 1 then description
            else description || ' (cluster ' || cluster_id || ')'
        end as generated_name,
        description_with_figures
    from capitalised

)

select * from final
