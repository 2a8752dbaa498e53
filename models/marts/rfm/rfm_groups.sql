-- One row per dataset and RFM group: the rule-based segmentation that shop systems use, as an alternative to K-Means,
-- with the campaign to run first.
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

ranked as (

    select
        rfm_group_campaigns.dataset,
        rfm_group_campaigns.rfm_group,
        campaigns.campaign as campaign_id,
        campaigns.display_name as campaign,
        campaigns.channel,
        campaigns.offer,
        rfm_group_campaigns.rationale,
        rfm_group_campaigns.priority,
        row_number() over (
            partition by rfm_group_campaigns.dataset, rfm_group_campaigns.rfm_group
            order by rfm_group_campaigns.priority
        ) as rank
    from {{ ref('rfm_group_campaigns') }} as rfm_group_campaigns
    inner join {{ ref('campaigns') }} as campaigns
        on rfm_group_campaigns.campaign = campaigns.campaign

),

other_campaigns as (

    select
        dataset,
        rfm_group,
        {{ dbt.listagg('campaign', "', '", 'order by priority') }} as campaigns
    from ranked
    where rank > 1
    group by dataset, rfm_group

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
        end as share_of_monetary,
        ranked.campaign_id,
        ranked.campaign,
        ranked.channel,
        ranked.offer,
        ranked.rationale,
        other_campaigns.campaigns as other_campaigns
    from datasets
    cross join {{ ref('rfm_group_definitions') }} as rfm_group_definitions
    inner join {{ ref('rfm_measures') }} as rfm_measures
        on datasets.dataset = rfm_measures.dataset and rfm_measures.measure = 'monetary'
    left join counted
        on datasets.dataset = counted.dataset and rfm_group_definitions.rfm_group = counted.rfm_group_id
    left join ranked
        on
            datasets.dataset = ranked.dataset
            and rfm_group_definitions.rfm_group = ranked.rfm_group
            and ranked.rank = 1
    left join other_campaigns
        on
            datasets.dataset = other_campaigns.dataset
            and rfm_group_definitions.rfm_group = other_campaigns.rfm_group

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
