-- One row per segmentation, cluster and feature of the model that the segmentation has before this build: the one that
-- somebody activated, else that of the last recorded day. A segmentation that is never fitted again also takes what an
-- earlier build of the same day recorded, or, if the history has no model of it, the one in the warehouse.
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
        'history' as origin,
        recorded.*
    from recorded
    inner join {{ ref('applied_segmentations') }} as segmentations
        on recorded.segmentation = segmentations.segmentation
    where segmentations.refit = 'never' and coalesce(recorded.is_in_use, true)

    union all by name

    select
        3 as preference,
        'history' as origin,
        recorded_models.*
    from {{ ref('recorded_models') }} as recorded_models

    union all by name

    select
        4 as preference,
        'warehouse' as origin,
        stored.*
    from stored

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

    select * exclude (preference, place, bootstrap_jaccard, is_in_use, seeds_fingerprint, data_fingerprint)
    from preferred
    where place = 1

)

select * from final
