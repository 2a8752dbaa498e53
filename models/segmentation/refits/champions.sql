-- One row per segmentation, cluster and feature of the model that the segmentation has before this build: the one that
-- somebody activated, else of a segmentation that is never fitted again the one in the warehouse, else the one of the
-- last recorded day.
with

recorded as (

    {{ recorded_rows('model_clusters', with_today=true) }}

),

stored as (

    {{ stored_models() }}

),

candidates as (

    select
        1 as preference,
        'activated' as origin,
        recorded.*
    from recorded
    inner join {{ ref('activated_models') }} as activated_models
        on
            recorded.segmentation = activated_models.segmentation
            and recorded.model_version = activated_models.model_version

    union all by name

    select
        2 as preference,
        'warehouse' as origin,
        stored.*
    from stored

    union all by name

    select
        3 as preference,
        'history' as origin,
        recorded_models.*
    from {{ ref('recorded_models') }} as recorded_models

),

preferred as (

    select
        candidates.*,
        dense_rank() over (
            partition by segmentation
            order by preference asc, day desc
        ) as place
    from candidates

),

final as (

    select * exclude (preference, place, bootstrap_jaccard, is_in_use)
    from preferred
    where place = 1

)

select * from final
