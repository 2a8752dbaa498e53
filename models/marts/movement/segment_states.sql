-- One row per segmentation and segment as of the day of this build: its customers and money, and who it is. The history
-- keeps these rows for every day.
with

customers as (

    select
        customer_segments.segmentation,
        customer_segments.cluster_id,
        count(*) as customers,
        {{ exact_sum('rfm_scores.money') }} as money
    from {{ ref('customer_segments') }} as customer_segments
    left join {{ ref('rfm_scores') }} as rfm_scores
        on
            customer_segments.dataset = rfm_scores.dataset
            and customer_segments.customer_id = rfm_scores.customer_id
    group by customer_segments.segmentation, customer_segments.cluster_id

),

final as (

    select
        fits.dataset,
        days.day,
        personas.segmentation,
        personas.segment_id,
        personas.cluster_id,
        personas.persona_id,
        personas.persona,
        persona_claims.claims,
        personas.colour,
        fits.model_version,
        coalesce(customers.customers, 0) as customers,
        customers.money,
        identities.identity,
        identities.jaccard
    from {{ ref('personas') }} as personas
    inner join {{ ref('segmentation_fits') }} as fits
        on personas.segmentation = fits.segmentation
    inner join {{ ref('build_days') }} as days
        on fits.dataset = days.dataset
    inner join {{ ref('segment_identities') }} as identities
        on personas.segmentation = identities.segmentation and personas.cluster_id = identities.cluster_id
    left join {{ ref('persona_claims') }} as persona_claims
        on personas.segmentation = persona_claims.segmentation and personas.persona_id = persona_claims.persona
    left join customers
        on personas.segmentation = customers.segmentation and personas.cluster_id = customers.cluster_id

)

select * from final
