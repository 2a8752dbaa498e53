-- One row per segmentation, cluster and gender: described next to the segments, never used to form them.
{% set known = datasets_with_column('gender') %}
with

customers as (

    {% for dataset in known %}
    select
        '{{ dataset }}' as dataset,
        customer_id,
        gender
    from {{ ref(dataset ~ '_customer_features') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(['dataset', 'customer_id', 'gender']) if not known }}

),

population as (

    select
        dataset,
        gender,
        count(*) / cast(sum(count(*)) over (partition by dataset) as double) as share
    from customers
    group by dataset, gender

),

counted as (

    select
        customer_segments.segmentation,
        customer_segments.dataset,
        customer_segments.cluster_id,
        customer_segments.persona,
        customers.gender,
        count(*) as customers
    from {{ ref('customer_segments') }} as customer_segments
    inner join customers
        on
            customer_segments.dataset = customers.dataset
            and customer_segments.customer_id = customers.customer_id
    group by
        customer_segments.segmentation,
        customer_segments.dataset,
        customer_segments.cluster_id,
        customer_segments.persona,
        customers.gender

),

final as (

    select
        counted.segmentation,
        counted.cluster_id,
        counted.persona,
        counted.gender,
        counted.customers,
        counted.customers
        / cast(sum(counted.customers) over (partition by counted.segmentation, counted.cluster_id) as double)
            as share_of_segment,
        population.share as share_of_population,
        personas.segment_key
    from counted
    inner join {{ ref('personas') }} as personas
        on
            counted.segmentation = personas.segmentation
            and counted.cluster_id = personas.cluster_id
    inner join population
        on counted.dataset = population.dataset and counted.gender = population.gender

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
