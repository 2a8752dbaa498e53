-- One row per segmentation, cluster and feature of the models in use: scaler, centroids and, repeated in every row, the
-- quality of the fit.
with

decisions as (

    select
        segmentation,
        model_version,
        coalesce(model_version = challenger_version, false) as is_new_fit
    from {{ ref('refit_decisions') }}

),

champions as (

    select * exclude (origin, day)
    from {{ ref('champions') }}

),

final as (

    select challengers.*
    from {{ ref('challengers') }} as challengers
    inner join decisions
        on challengers.segmentation = decisions.segmentation
    where decisions.is_new_fit

    union all by name

    select champions.*
    from champions
    inner join decisions
        on champions.segmentation = decisions.segmentation
    where not decisions.is_new_fit

)

select * from final
