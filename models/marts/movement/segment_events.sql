-- One row per segmentation and customer who came, moved to another segment, changed the RFM group or went since the
-- last recorded day. The history keeps these rows: the last one of a customer is the state the customer is in.
with

today as (

    select
        customer_segments.segmentation,
        customer_segments.dataset,
        customer_segments.customer_id,
        customer_segments.segment_id,
        customer_segments.persona,
        customer_segments.previous_persona,
        customer_segments.changed_on,
        customer_segments.days_in_segment,
        customer_segments.model_version,
        customer_segments.distance,
        rfm_scores.rfm_group,
        rfm_scores.money as monetary_value
    from {{ ref('customer_segments') }} as customer_segments
    left join {{ ref('rfm_scores') }} as rfm_scores
        on
            customer_segments.dataset = rfm_scores.dataset
            and customer_segments.customer_id = rfm_scores.customer_id

),

before as (

    select recorded_segments.*
    from {{ ref('recorded_segments') }} as recorded_segments
    -- a segmentation that is not built at the moment has lost no customer
    inner join {{ ref('segmentation_fits') }} as fits
        on recorded_segments.segmentation = fits.segmentation

),

versions as (

    select distinct
        segmentation,
        model_version
    from {{ ref('recorded_clusters') }}

),

compared as (

    select
        coalesce(today.dataset, before.dataset) as dataset,
        coalesce(today.segmentation, before.segmentation) as segmentation,
        coalesce(today.customer_id, before.customer_id) as customer_id,
        case
            when before.segment_id is null then 'new'
            when today.segment_id is null then 'gone'
            when today.segment_id <> before.segment_id then 'moved'
            when today.persona <> before.persona then 'renamed'
            when coalesce(today.rfm_group, '') <> coalesce(before.rfm_group, '') then 'rfm group'
        end as event,
        today.segment_id,
        today.persona,
        today.days_in_segment,
        today.previous_persona,
        today.changed_on,
        today.model_version,
        today.distance,
        today.rfm_group,
        today.monetary_value,
        before.segment_id as from_segment_id,
        before.persona as from_persona,
        before.segment_since as from_since,
        before.monetary_value as from_monetary_value,
        coalesce(today.model_version <> versions.model_version, false) as is_refitted
    from today
    full outer join before
        on today.segmentation = before.segmentation and today.customer_id = before.customer_id
    left join versions
        on today.segmentation = versions.segmentation

),

final as (

    select
        compared.dataset,
        days.day,
        compared.segmentation,
        compared.customer_id,
        compared.event,
        compared.segment_id,
        compared.persona,
        cast({{ dbt.dateadd('day', '-compared.days_in_segment', 'days.day') }} as date) as segment_since,
        compared.previous_persona,
        compared.changed_on,
        compared.model_version,
        compared.distance,
        compared.rfm_group,
        compared.monetary_value,
        compared.from_segment_id,
        compared.from_persona,
        compared.from_since,
        compared.from_monetary_value,
        compared.is_refitted
    from compared
    inner join {{ ref('build_days') }} as days
        on compared.dataset = days.dataset
    where
        compared.event is not null
        -- without a history there is no use for them
        and {{ 'true' if history_folder() else 'false' }}

)

select * from final
