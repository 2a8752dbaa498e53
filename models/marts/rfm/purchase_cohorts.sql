-- One row per dataset, month of the first purchase and month since: how many customers of the cohort bought in the
-- month, how many lapsed in it, and the money they brought. Summed over cohorts, it counts new and returning customers.
with

customer_months as (

    select
        dataset,
        month_end,
        recency_days,
        monetary_value,
        {{ dbt.last_day('first_purchase_date', 'month') }} as first_month_end,
        {{ dbt.datediff(dbt.date_trunc('month', 'month_end'), 'month_end', 'day') }} + 1 as days_of_month
    from {{ ref('customer_months') }}
    -- without a purchase so far there is no recency
    where recency_days is not null

),

-- Lapsed customers are those of the two lowest recency scores, as in the RFM groups from At Risk to Lost.
limits as (

    select
        dataset,
        up_to as lapses_after_days
    from {{ ref('rfm_thresholds') }}
    where measure = 'recency' and score = 3

),

counted as (

    select
        customer_months.dataset,
        customer_months.first_month_end,
        customer_months.month_end,
        count(*) as customers,
        sum(case when customer_months.recency_days < customer_months.days_of_month then 1 else 0 end) as buyers,
        sum(
            case
                when
                    customer_months.recency_days > limits.lapses_after_days
                    and customer_months.recency_days - customer_months.days_of_month <= limits.lapses_after_days
                    then 1
                else 0
            end
        ) as lapsed,
        sum(cast(customer_months.monetary_value as decimal(38, 9))) as money_so_far
    from customer_months
    left join limits
        on customer_months.dataset = limits.dataset
    group by customer_months.dataset, customer_months.first_month_end, customer_months.month_end

),

final as (

    select
        dataset,
        first_month_end,
        month_end,
        cast({{ dbt.datediff('first_month_end', 'month_end', 'month') }} as int) as months_since,
        customers,
        cast(buyers as bigint) as buyers,
        cast(lapsed as bigint) as lapsed,
        cast(
            money_so_far
            - coalesce(lag(money_so_far) over (partition by dataset, first_month_end order by month_end), 0)
            as double
        ) as money
    from counted

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
