-- One row per dataset and RFM group: the rule-based segmentation that shop systems use, as an alternative to K-Means.
with

counted as (

    select
        dataset,
        rfm_group_id,
        count(*) as customers,
        sum(case when purchase_history = 'once' then 1 else 0 end) as one_time_buyers,
        {{ exact_mean('recency') }} as mean_recency,
        {{ exact_mean('frequency') }} as mean_frequency,
        {{ exact_mean('monetary') }} as mean_monetary,
        sum(cast(monetary as decimal(38, 9))) as total_monetary
    from {{ ref('rfm_scores') }}
    group by dataset, rfm_group_id

),

datasets as (

    select
        dataset,
        sum(customers) as customers,
        sum(total_monetary) as total_monetary
    from counted
    group by dataset

),

-- A group without customers keeps its row, to show that it is empty.
final as (

    select
        datasets.dataset,
        rfm_group_definitions.position,
        rfm_group_definitions.rfm_group as rfm_group_id,
        rfm_group_definitions.display_name as rfm_group,
        rfm_group_definitions.description,
        rfm_group_definitions.advice,
        cast(coalesce(counted.customers, 0) as bigint) as customers,
        coalesce(counted.customers, 0) / cast(datasets.customers as double) as share_of_customers,
        cast(coalesce(counted.one_time_buyers, 0) as bigint) as one_time_buyers,
        counted.mean_recency,
        counted.mean_frequency,
        counted.mean_monetary,
        case
            when rfm_measures.counts_all_purchases
                then
                    coalesce(cast(counted.total_monetary as double), 0)
                    / nullif(cast(datasets.total_monetary as double), 0)
        end as share_of_monetary
    from datasets
    cross join {{ ref('rfm_group_definitions') }} as rfm_group_definitions
    inner join {{ ref('rfm_measures') }} as rfm_measures
        on datasets.dataset = rfm_measures.dataset and rfm_measures.measure = 'monetary'
    left join counted
        on datasets.dataset = counted.dataset and rfm_group_definitions.rfm_group = counted.rfm_group_id

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
