-- One row per segmentation, cluster and feature of the model that the segmentation had on its last recorded day.
with

clusters as (

    {{ recorded_rows('model_clusters') }}

),

versions as (

    select distinct
        segmentation,
        model_version
    from {{ ref('recorded_clusters') }}

),

numbered as (

    select
        clusters.*,
        -- a model that came back is the same one
        row_number() over (
            partition by clusters.segmentation, clusters.cluster_id, clusters.feature
            order by clusters.day desc
        ) as row_number_of_day
    from clusters
    inner join versions
        on clusters.segmentation = versions.segmentation and clusters.model_version = versions.model_version

),

final as (

    select * exclude (row_number_of_day)
    from numbered
    where row_number_of_day = 1

)

select * from final
