-- One row per segmentation and cluster: a description in words and figures, generated from the medians of its
-- customers.
with

typical as (

    select
        cluster_medians.segmentation,
        cluster_medians.cluster_id,
        cluster_medians.position,
        case
            when cluster_medians.median is not null then {{ figure_text('cluster_medians.median', 'features.unit') }}
        end as median_text,
        case
            when cluster_medians.median < medium_levels.lowest_value then features.low_phrase
            when cluster_medians.median > medium_levels.highest_value then features.high_phrase
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
    inner join {{ ref('feature_levels') }} as medium_levels
        on
            features.dataset = medium_levels.dataset
            and features.feature = medium_levels.feature
            and medium_levels.level = 'medium'

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
