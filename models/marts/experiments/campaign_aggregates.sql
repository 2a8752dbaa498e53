-- One row per experiment, persona, arm and metric: counts, sums and squares. Every effect follows from them, so that no
-- estimate needs a row per customer.
{{ config(post_hook='{{ warn_of_outcomes() }}') }}
{% set with_outcomes, with_purchases = datasets_with_outcomes(), datasets_with_purchases() %}
{% set of_purchases = quoted_words(purchase_metrics()) %}
{#- `named` is an outcome that is no purchase: its metric has the name that the experiment gives it -#}
{% set metrics = purchase_metrics() + (['named'] if with_outcomes else []) %}
with

assignments as (

    select
        assigned.experiment,
        assigned.dataset,
        assigned.segmentation,
        assigned.campaign_id,
        assigned.customer_id,
        assigned.persona_id,
        assigned.persona,
        assigned.arm,
        assigned.control_share,
        assigned.starts_on,
        assigned.ends_on,
        as_of_dates.as_of_date,
        experiments.outcome,
        {{ dbt.datediff('assigned.starts_on', 'assigned.ends_on', 'day') }} as more_days,
        -- before the start, and before a start in the future as late as is known
        coalesce(
            least(
                as_of_dates.as_of_date, cast({{ dbt.dateadd('day', -1, 'assigned.starts_on') }} as date)
            ),
            cast({{ dbt.dateadd('day', -1, 'assigned.starts_on') }} as date)
        ) as before_ends_on
    from {{ ref('campaign_assignments') }} as assigned
    inner join {{ ref('experiments') }} as experiments
        on assigned.experiment = experiments.experiment
    left join {{ ref('as_of_dates') }} as as_of_dates
        on assigned.dataset = as_of_dates.dataset

),

-- Purchases in the inputs of outcomes; without any, the transactions count.
kept as (

    select
        '' as dataset,
        0 as purchases
    where false
    {% for dataset in with_outcomes %}
    union all
    select
        '{{ dataset }}' as dataset,
        count(*) as purchases
    from {{ ref('stg_' ~ dataset ~ '__campaign_outcomes') }}
    where outcome is null
    {% endfor %}

),

-- What customers bought: from the transactions up to the as-of date, and from the input of outcomes where it has any
-- purchase.
bought as (

    {% for dataset in with_purchases %}
    select
        '{{ dataset }}' as dataset,
        cast(null as {{ dbt.type_string() }}) as experiment,
        cast(null as {{ dbt.type_string() }}) as outcome,
        transactions.customer_id,
        transactions.transaction_date as day,
        cast(transactions.amount - coalesce(transactions.refunded_amount, 0) as decimal(18, 4)) as amount,
        case when transactions.opens_order then 1 else 0 end as purchases,
        coalesce(kept.purchases, 0) = 0 as is_outcome,
        true as is_before
    from {{ ref('stg_' ~ dataset ~ '__transactions') }} as transactions
    inner join {{ ref('as_of_dates') }} as as_of_dates
        on transactions.transaction_date <= as_of_dates.as_of_date
    left join kept
        on as_of_dates.dataset = kept.dataset
    where transactions.status = 'completed' and as_of_dates.dataset = '{{ dataset }}'
    union all
    {% endfor %}
    {% for dataset in with_outcomes %}
    select
        '{{ dataset }}' as dataset,
        outcomes.experiment,
        outcomes.outcome,
        outcomes.customer_id,
        outcomes.outcome_date as day,
        outcomes.amount,
        case when outcomes.amount > 0 and outcomes.outcome is null then 1 else 0 end as purchases,
        true as is_outcome,
        {{ 'false' if dataset in with_purchases else 'true' }} as is_before
    from {{ ref('stg_' ~ dataset ~ '__campaign_outcomes') }} as outcomes
    union all
    {% endfor %}
    {{ no_rows(
        ['dataset', 'experiment', 'outcome', 'customer_id'],
        date=['day'], **{'decimal(18, 4)': ['amount'], 'int': ['purchases'], 'boolean': ['is_outcome', 'is_before']}
    ) }}

),

-- Results reach to the as-of date, or to the last day of the input of outcomes; a named outcome has a row of its own.
reached as (

    select
        '' as dataset,
        '' as outcome,
        cast(null as date) as last_day
    where false
    {% for dataset in with_outcomes %}
    union all
    select
        '{{ dataset }}' as dataset,
        coalesce(outcome, '') as outcome,
        max(outcome_date) as last_day
    from {{ ref('stg_' ~ dataset ~ '__campaign_outcomes') }}
    group by coalesce(outcome, '')
    {% endfor %}
    {% for dataset in with_purchases %}
    union all
    select
        as_of_dates.dataset,
        '' as outcome,
        as_of_dates.as_of_date as last_day
    from {{ ref('as_of_dates') }} as as_of_dates
    left join kept
        on as_of_dates.dataset = kept.dataset
    where as_of_dates.dataset = '{{ dataset }}' and coalesce(kept.purchases, 0) = 0
    {% endfor %}

),

in_window as (

    select
        assignments.experiment,
        assignments.customer_id,
        sum(case when bought.day >= assignments.starts_on then bought.purchases else 0 end) as purchases,
        sum(case when bought.day >= assignments.starts_on and bought.outcome is null then bought.amount else 0 end)
            as money,
        sum(case when bought.day >= assignments.starts_on and bought.outcome is not null then bought.amount else 0 end)
            as named,
        sum(case when bought.day <= assignments.before_ends_on then bought.purchases else 0 end) as before_purchases,
        sum(
            case when bought.day <= assignments.before_ends_on and bought.outcome is null then bought.amount else 0 end
        ) as before_money
    from assignments
    inner join bought
        on
            assignments.dataset = bought.dataset
            and assignments.customer_id = bought.customer_id
            and coalesce(bought.outcome, assignments.outcome) = assignments.outcome
            and (
                (
                    bought.is_outcome
                    and bought.day between assignments.starts_on and assignments.ends_on
                    and coalesce(bought.experiment, assignments.experiment) = assignments.experiment
                )
                or (
                    bought.is_before
                    and assignments.before_ends_on >= bought.day
                    and {{ dbt.datediff('bought.day', 'assignments.before_ends_on', 'day') }} <= assignments.more_days
                )
            )
    group by assignments.experiment, assignments.customer_id

),

customers as (

    select
        assignments.*,
        case when in_window.purchases > 0 then 1 else 0 end as bought,
        coalesce(in_window.purchases, 0) as purchases,
        cast(coalesce(in_window.money, 0) as decimal(18, 4)) as money,
        cast(coalesce(in_window.named, 0) as decimal(18, 4)) as named,
        case when in_window.before_purchases > 0 then 1 else 0 end as before_bought,
        coalesce(in_window.before_purchases, 0) as before_purchases,
        cast(coalesce(in_window.before_money, 0) as decimal(18, 4)) as before_money,
        -- rows from before the start are rejected
        cast(null as decimal(18, 4)) as before_named
    from assignments
    left join in_window
        on assignments.experiment = in_window.experiment and assignments.customer_id = in_window.customer_id

),

-- Decimals and whole numbers add up exactly, whatever the order of the rows.
sums as (

    select
        experiment,
        dataset,
        segmentation,
        campaign_id,
        persona_id,
        persona,
        arm,
        control_share,
        starts_on,
        ends_on,
        outcome,
        count(*) as customers,
        {% for metric in metrics %}
        cast(sum({{ metric }}) as double) as {{ metric }}_sum,
        cast(sum({{ metric }} * {{ metric }}) as double) as {{ metric }}_squares,
        cast(sum(before_{{ metric }}) as double) as {{ metric }}_before_sum,
        cast(sum(before_{{ metric }} * before_{{ metric }}) as double) as {{ metric }}_before_squares,
        cast(sum({{ metric }} * before_{{ metric }}) as double) as {{ metric }}_product,
        {% endfor %}
        cast(sum(purchases * money) as double) as purchases_and_money
    from customers
    group by
        experiment, dataset, segmentation, campaign_id, persona_id, persona, arm, control_share, starts_on, ends_on,
        outcome

),

metrics as (

    {% for metric in metrics %}
    select
        sums.experiment,
        sums.dataset,
        sums.segmentation,
        sums.campaign_id,
        sums.persona_id,
        sums.persona,
        sums.arm,
        {{ 'sums.outcome' if metric == 'named' else "'" ~ metric ~ "'" }} as metric,
        {{ 'sums.outcome' if metric == 'named' else "''" }} as named,
        sums.outcome,
        sums.customers,
        sums.{{ metric }}_sum as outcome_sum,
        sums.{{ metric }}_squares as outcome_squares,
        sums.{{ metric }}_before_sum as before_sum,
        sums.{{ metric }}_before_squares as before_squares,
        sums.{{ metric }}_product as product_sum,
        {{ 'sums.purchases_and_money' if metric == 'money' else 'cast(null as double)' }}
            as purchases_money_product,
        sums.control_share,
        sums.starts_on,
        sums.ends_on
    from sums
    {% if metric == 'named' %}
    where sums.outcome not in ({{ of_purchases }})
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- Without results, or without purchases before, the sums are unknown and not zero.
final as (

    select
        metrics.experiment,
        metrics.dataset,
        metrics.segmentation,
        metrics.campaign_id,
        metrics.persona_id,
        metrics.persona,
        metrics.arm,
        metrics.metric,
        metrics.metric = metrics.outcome as is_outcome,
        metrics.customers,
        case when reached.last_day >= metrics.starts_on then metrics.outcome_sum end as outcome_sum,
        case when reached.last_day >= metrics.starts_on then metrics.outcome_squares end as outcome_squares,
        {% for column in ['before_sum', 'before_squares'] %}
        case when metrics.dataset in ({{ quoted_words(with_purchases) or "''" }}) then metrics.{{ column }} end
            as {{ column }},
        {% endfor %}
        case
            when
                metrics.dataset in ({{ quoted_words(with_purchases) or "''" }})
                and reached.last_day >= metrics.starts_on
                then metrics.product_sum
        end as product_sum,
        case when reached.last_day >= metrics.starts_on then metrics.purchases_money_product end
            as purchases_money_product,
        metrics.control_share,
        metrics.starts_on,
        metrics.ends_on,
        case when reached.last_day >= metrics.starts_on then least(reached.last_day, metrics.ends_on) end
            as results_until,
        coalesce(reached.last_day >= metrics.ends_on, false) as is_complete
    from metrics
    left join reached
        on metrics.dataset = reached.dataset and metrics.named = reached.outcome

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
