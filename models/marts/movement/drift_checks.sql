-- One row per segmentation and measure: whether today's customers are still distributed as those of the model that was
-- in use on the last recorded day.
with

outside as (

    select
        segmentation,
        measure,
        sum(customers_outside) as customers,
        sum(customers_now) as customers_now
    from {{ ref('drift_counts') }}
    group by segmentation, measure

),

models as (

    select distinct
        segmentation,
        dataset,
        model_version
    from {{ ref('recorded_models') }}

),

features as (

    select distinct
        segmentation,
        'feature ' || position as measure,
        feature
    from {{ ref('recorded_models') }}

),

graded as (

    select
        models.dataset,
        results.segmentation,
        models.model_version,
        coalesce(features.feature, results.measure) as measure,
        case when features.feature is null then results.measure else 'feature' end as kind,
        results.bins,
        results.customers_then,
        results.customers_now,
        results.stability_index,
        results.p_value,
        results.effect,
        -- one chance for all measures of a segmentation together
        results.p_value * count(*) over (partition by results.segmentation) < {{ var('significance_level') }}
            as is_beyond_chance,
        outside.customers as customers_outside,
        outside.customers / cast(outside.customers_now as double) as share_outside
    from {{ ref('drift_results') }} as results
    inner join models
        on results.segmentation = models.segmentation
    inner join outside
        on results.segmentation = outside.segmentation and results.measure = outside.measure
    left join features
        on results.segmentation = features.segmentation and results.measure = features.measure

),

final as (

    select
        graded.dataset,
        graded.segmentation,
        graded.model_version,
        graded.measure,
        graded.kind,
        graded.bins,
        graded.customers_then,
        graded.customers_now,
        graded.stability_index,
        graded.p_value,
        graded.effect,
        graded.is_beyond_chance,
        case
            when not graded.is_beyond_chance or graded.effect < {{ var('drift_small') }} then 'none'
            when graded.effect < {{ var('drift_medium') }} then 'small'
            when graded.effect < {{ var('drift_large') }} then 'medium'
            else 'large'
        end as drift,
        cast(graded.customers_outside as bigint) as customers_outside,
        graded.share_outside,
        fits.is_default
    from graded
    inner join {{ ref('segmentation_fits') }} as fits
        on graded.segmentation = fits.segmentation

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
