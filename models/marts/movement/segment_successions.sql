-- One row per segmentation with a new model, segment before and segment after: what became of the segments. The history
-- keeps these rows.
with

pairs as (

    select
        shared.segmentation,
        shared.segment_id as from_segment_id,
        identities.segment_id as to_segment_id,
        shared.customers,
        sum(shared.customers) over (partition by shared.segmentation, shared.segment_id) as from_customers,
        sum(shared.customers) over (partition by shared.segmentation, shared.cluster_id) as to_customers
    from {{ ref('recorded_overlaps') }} as shared
    inner join {{ ref('segment_identities') }} as identities
        on shared.segmentation = identities.segmentation and shared.cluster_id = identities.cluster_id

),

shares as (

    select
        pairs.*,
        customers / cast(from_customers as double) as share_of_from,
        customers / cast(to_customers as double) as share_of_to,
        customers / cast(from_customers + to_customers - customers as double) as jaccard
    from pairs

),

parts as (

    select
        shares.*,
        count(*) over (partition by segmentation, from_segment_id) as parts,
        sum(share_of_from) over (partition by segmentation, from_segment_id) as share_of_parts
    from shares
    where share_of_from >= {{ var('lineage_part_share') }}

),

continued as (

    select
        segmentation,
        from_segment_id,
        to_segment_id,
        case
            when parts > 1 then 'split'
            when from_segment_id = to_segment_id then 'survived'
            else 'merged'
        end as transition,
        customers,
        share_of_from,
        share_of_to,
        jaccard
    from parts
    where
        (parts > 1 and share_of_parts >= {{ var('lineage_main_share') }})
        or share_of_from >= {{ var('lineage_main_share') }}

),

refitted as (

    select distinct segmentation from {{ ref('recorded_overlaps') }}

),

vanished as (

    select
        recorded.segmentation,
        recorded.segment_id as from_segment_id,
        cast(null as int) as to_segment_id,
        'vanished' as transition,
        cast(null as bigint) as customers,
        cast(null as double) as share_of_from,
        cast(null as double) as share_of_to,
        cast(null as double) as jaccard
    from {{ ref('recorded_clusters') }} as recorded
    inner join refitted
        on recorded.segmentation = refitted.segmentation
    left join continued
        on recorded.segmentation = continued.segmentation and recorded.segment_id = continued.from_segment_id
    where continued.from_segment_id is null

),

emerged as (

    select
        identities.segmentation,
        cast(null as int) as from_segment_id,
        identities.segment_id as to_segment_id,
        'emerged' as transition,
        cast(null as bigint) as customers,
        cast(null as double) as share_of_from,
        cast(null as double) as share_of_to,
        cast(null as double) as jaccard
    from {{ ref('segment_identities') }} as identities
    inner join refitted
        on identities.segmentation = refitted.segmentation
    left join continued
        on identities.segmentation = continued.segmentation and identities.segment_id = continued.to_segment_id
    where continued.to_segment_id is null

),

successions as (

    select * from continued
    union all
    select * from vanished
    union all
    select * from emerged

),

final as (

    select
        fits.dataset,
        days.day,
        successions.segmentation,
        coalesce(successions.from_segment_id, 0) as from_segment_id,
        recorded.persona as from_persona,
        coalesce(successions.to_segment_id, 0) as to_segment_id,
        personas.persona as to_persona,
        successions.transition,
        successions.customers,
        successions.share_of_from,
        successions.share_of_to,
        successions.jaccard
    from successions
    inner join {{ ref('segmentation_fits') }} as fits
        on successions.segmentation = fits.segmentation
    inner join {{ ref('build_days') }} as days
        on fits.dataset = days.dataset
    left join {{ ref('recorded_clusters') }} as recorded
        on
            successions.segmentation = recorded.segmentation
            and successions.from_segment_id = recorded.segment_id
    left join {{ ref('personas') }} as personas
        on
            successions.segmentation = personas.segmentation
            and successions.to_segment_id = personas.segment_id

)

select * from final
