-- One row per segmentation and cluster that continues a segment of the last recorded day: what stays with the segment.
-- The persona stays as long as it claims the same.
with

final as (

    select
        identities.segmentation,
        identities.cluster_id,
        identities.segment_id,
        persona_claims.persona,
        recorded.colour
    from {{ ref('segment_identities') }} as identities
    inner join {{ ref('recorded_clusters') }} as recorded
        on identities.segmentation = recorded.segmentation and identities.segment_id = recorded.segment_id
    left join {{ ref('persona_claims') }} as persona_claims
        on
            recorded.segmentation = persona_claims.segmentation
            and recorded.persona_id = persona_claims.persona
            and recorded.claims = persona_claims.claims

)

select * from final
