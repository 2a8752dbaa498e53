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

final as (

    select
        models.dataset,
        grades.segmentation,
        models.model_version,
        coalesce(features.feature, grades.measure) as measure,
        case when features.feature is null then grades.measure else 'feature' end as kind,
        grades.bins,
        grades.customers_then,
        grades.customers_now,
        grades.stability_index,
        grades.p_value,
        grades.effect,
        grades.is_beyond_chance,
        grades.drift,
        cast(outside.customers as bigint) as customers_outside,
        outside.customers / cast(outside.customers_now as double) as share_outside,
        fits.is_default
    from {{ ref('drift_grades') }} as grades
    inner join models
        on grades.segmentation = models.segmentation
    inner join outside
        on grades.segmentation = outside.segmentation and grades.measure = outside.measure
    inner join {{ ref('segmentation_fits') }} as fits
        on grades.segmentation = fits.segmentation
    left join features
        on grades.segmentation = features.segmentation and grades.measure = features.measure

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
