-- One row per segmentation and sampled customer: the silhouette, which compares the mean distance to the customers of
-- the same segment with that to the next segment. It uses all pairs of the sample, and sums are exact.
{% set width = segmentation_inputs_wanted() | map(attribute='features') | map('length') | max %}
with

model as (

    select
        {% for position in range(1, width + 1) %}
        max(case when position = {{ position }} then scaler_center end) as center_{{ position }},
        max(case when position = {{ position }} then scaler_scale end) as scale_{{ position }},
        {% endfor %}
        segmentation
    from {{ ref('cluster_centroids') }}
    where {{ evidence_wanted() }}
    group by segmentation

),

scaled as (

    select
        {% for position in range(1, width + 1) %}
        coalesce(
            (segmentation_samples.value_{{ position }} - model.center_{{ position }}) / model.scale_{{ position }}, 0
        ) as scaled_{{ position }},
        {% endfor %}
        segmentation_samples.segmentation,
        segmentation_samples.sample_number,
        segmentation_samples.customer_id,
        customer_segments.cluster_id,
        customer_segments.persona
    from {{ ref('segmentation_samples') }} as segmentation_samples
    inner join model
        on segmentation_samples.segmentation = model.segmentation
    inner join {{ ref('customer_segments') }} as customer_segments
        on
            segmentation_samples.segmentation = customer_segments.segmentation
            and segmentation_samples.customer_id = customer_segments.customer_id
    where segmentation_samples.sample_number <= {{ var('resampling_customers') }}

),

-- from each customer to each cluster, including the customer's own
summed as (

    select
        customers.segmentation,
        customers.sample_number,
        customers.cluster_id,
        others.cluster_id as other_cluster_id,
        cast(
            sum(
                cast(
                    sqrt(
                        {% for position in range(1, width + 1) %}
                        {{ '+ ' if not loop.first }}(customers.scaled_{{ position }} - others.scaled_{{ position }})
                        * (customers.scaled_{{ position }} - others.scaled_{{ position }})
                        {% endfor %}
                    ) as decimal(38, 9)
                )
            ) as double
        ) as distance,
        count(*) as cluster_customers
    from scaled as customers
    inner join scaled as others
        on customers.segmentation = others.segmentation
    group by customers.segmentation, customers.sample_number, customers.cluster_id, others.cluster_id

),

compared as (

    select
        segmentation,
        sample_number,
        sum(cluster_customers) as customers,
        max(case when other_cluster_id = cluster_id then cluster_customers end) as own_customers,
        -- a customer is not their own neighbour
        max(case when other_cluster_id = cluster_id then distance / nullif(cluster_customers - 1, 0) end) as within,
        min(case when other_cluster_id <> cluster_id then distance / cluster_customers end) as nearest
    from summed
    group by segmentation, sample_number

),

final as (

    select
        scaled.segmentation,
        scaled.customer_id,
        scaled.cluster_id,
        scaled.persona,
        case
            when compared.nearest is null then null
            -- alone in a cluster, or at the same point as all other customers
            when compared.own_customers = 1 or greatest(compared.within, compared.nearest) = 0 then 0.0
            else (compared.nearest - compared.within) / greatest(compared.within, compared.nearest)
        end as silhouette,
        cast(compared.customers as bigint) as customers
    from scaled
    inner join compared
        on
            scaled.segmentation = compared.segmentation
            and scaled.sample_number = compared.sample_number

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
