-- One row per segmentation and cluster: its persona, its size and a one-line description.
with

sizes as (

    select
        segmentation,
        dataset,
        cluster_id,
        persona,
        count(*) as customers,
        sum(case when is_borderline then 1 else 0 end) as borderline_customers
    from {{ ref('customer_segments') }}
    group by segmentation, dataset, cluster_id, persona

),

final as (

    select
        sizes.segmentation,
        sizes.dataset,
        sizes.cluster_id,
        sizes.persona,
        sizes.customers,
        sizes.customers / cast(sum(sizes.customers) over (partition by sizes.segmentation) as double)
            as share_of_customers,
        cast(sizes.borderline_customers as bigint) as borderline_customers,
        cluster_descriptions.description_with_figures as headline,
        personas.bootstrap_jaccard,
        personas.stability_grade,
        personas.colour,
        personas.segment_id,
        personas.segment_key,
        -- what the business ranked, then segments that no persona describes: an order that sizes do not change
        cast(row_number() over (
            partition by sizes.segmentation
            order by personas.priority asc nulls last, sizes.cluster_id asc
        ) as int) as rank,
        segmentation_fits.segmentation_name,
        datasets.dataset_name,
        segmentation_fits.is_default,
        datasets.is_synthetic
    from sizes
    inner join {{ ref('cluster_descriptions') }} as cluster_descriptions
        on
            sizes.segmentation = cluster_descriptions.segmentation
            and sizes.cluster_id = cluster_descriptions.cluster_id
    inner join {{ ref('personas') }} as personas
        on
            sizes.segmentation = personas.segmentation
            and sizes.cluster_id = personas.cluster_id
    inner join {{ ref('segmentation_fits') }} as segmentation_fits
        on sizes.segmentation = segmentation_fits.segmentation
    inner join {{ ref('datasets') }} as datasets
        on sizes.dataset = datasets.dataset

)

select * from final
