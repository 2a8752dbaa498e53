-- One row per dataset and customer: RFM scores from 1 to 5 and the resulting group. Customers without purchases have no
-- scores and a separate group.
with

limits as (

    select
        {% for measure, score in rfm_limited_scores() %}
        max(case when measure = '{{ measure }}' and score = {{ score }} then up_to end) as {{ measure }}_{{ score }},
        {% endfor %}
        dataset
    from {{ ref('rfm_thresholds') }}
    group by dataset

),

scored as (

    select
        rfm_values.dataset,
        rfm_values.customer_id,
        rfm_values.recency,
        rfm_values.frequency,
        rfm_values.monetary,
        rfm_values.counts_all_purchases,
        rfm_values.has_amounts,
        {{ rfm_score('recency', 1) }} as recency_score,
        {{ rfm_score('frequency', 5) }} as frequency_score,
        {{ rfm_score('monetary', 5) }} as monetary_score
    from {{ ref('rfm_values') }} as rfm_values
    left join limits
        on rfm_values.dataset = limits.dataset

),

-- Frequency and monetary value have equal weight; half points are rounded up.
valued as (

    select
        scored.*,
        cast(floor((frequency_score + monetary_score + 1) / 2) as int) as value_score
    from scored

),

final as (

    select
        valued.dataset,
        valued.customer_id,
        valued.recency,
        valued.frequency,
        valued.monetary,
        valued.recency_score,
        valued.frequency_score,
        valued.monetary_score,
        valued.value_score,
        cast(valued.recency_score as {{ dbt.type_string() }})
        || cast(valued.frequency_score as {{ dbt.type_string() }})
        || cast(valued.monetary_score as {{ dbt.type_string() }}) as rfm_cell,
        case
            when valued.recency_score is null then 'none'
            when not valued.counts_all_purchases then 'some'
            when valued.frequency = 1 then 'once'
            else 'repeated'
        end as purchase_history,
        rfm_group_definitions.rfm_group as rfm_group_id,
        rfm_group_definitions.display_name as rfm_group,
        -- a measure used instead of amounts, such as a score, has no meaningful sum
        case when valued.has_amounts then valued.monetary end as money,
        uncontactable_customers.reason as no_contact_because
    from valued
    left join {{ ref('rfm_grid') }} as rfm_grid
        on
            valued.recency_score = rfm_grid.recency_score
            and valued.value_score = rfm_grid.value_score
    inner join {{ ref('rfm_group_definitions') }} as rfm_group_definitions
        on coalesce(rfm_grid.rfm_group, 'no_purchase') = rfm_group_definitions.rfm_group
    left join {{ ref('uncontactable_customers') }} as uncontactable_customers
        on
            valued.dataset = uncontactable_customers.dataset
            and valued.customer_id = uncontactable_customers.customer_id

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
