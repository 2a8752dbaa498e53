-- One row per experiment, persona, arm and metric: counts, sums and squares. Every effect follows from them, so that no
-- estimate needs a row per customer.
{% set with_outcomes, with_purchases = datasets_with_outcomes(), datasets_with_purchases() %}
{% set metrics = ['bought', 'purchases', 'money'] %}
with

arms as (

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
        count(*) as customers
    from {{ ref('campaign_assignments') }}
    group by
        experiment, dataset, segmentation, campaign_id, persona_id, persona, arm, control_share, starts_on, ends_on

),

begun as (

    select distinct
        arms.experiment,
        arms.dataset,
        arms.starts_on,
        arms.ends_on,
        {{ dbt.datediff('arms.starts_on', 'arms.ends_on', 'day') }} as more_days,
        -- before the start, and before a start in the future as late as is known
        coalesce(
            least(as_of_dates.as_of_date, cast({{ dbt.dateadd('day', -1, 'arms.starts_on') }} as date)),
            cast({{ dbt.dateadd('day', -1, 'arms.starts_on') }} as date)
        ) as before_ends_on
    from arms
    left join {{ ref('as_of_dates') }} as as_of_dates
        on arms.dataset = as_of_dates.dataset

),

windows as (

    select
        begun.*,
        cast({{ dbt.dateadd('day', '-1 * more_days', 'before_ends_on') }} as date) as before_starts_on
    from begun

),

-- All days that any experiment asks for: most purchases of a dataset lie long before.
spans as (

    select
        dataset,
        min(before_starts_on) as first_day,
        max(ends_on) as last_day
    from windows
    group by dataset

),

-- What customers bought: from the transactions up to the as-of date, and from the input of outcomes where there is one.
bought as (

    {% for dataset in with_purchases %}
    select
        '{{ dataset }}' as dataset,
        cast(null as {{ dbt.type_string() }}) as experiment,
        transactions.customer_id,
        transactions.transaction_date as day,
        cast(transactions.amount - coalesce(transactions.refunded_amount, 0) as decimal(18, 4)) as amount,
        case when transactions.opens_order then 1 else 0 end as purchases,
        {{ 'false' if dataset in with_outcomes else 'true' }} as is_outcome,
        true as is_before
    from {{ ref('stg_' ~ dataset ~ '__transactions') }} as transactions
    inner join {{ ref('as_of_dates') }} as as_of_dates
        on transactions.transaction_date <= as_of_dates.as_of_date
    inner join spans
        on transactions.transaction_date between spans.first_day and spans.last_day
    where
        transactions.status = 'completed'
        and as_of_dates.dataset = '{{ dataset }}'
        and spans.dataset = '{{ dataset }}'
    union all
    {% endfor %}
    {% for dataset in with_outcomes %}
    select
        '{{ dataset }}' as dataset,
        outcomes.experiment,
        outcomes.customer_id,
        outcomes.outcome_date as day,
        outcomes.amount,
        case when outcomes.amount > 0 then 1 else 0 end as purchases,
        true as is_outcome,
        {{ 'false' if dataset in with_purchases else 'true' }} as is_before
    from {{ ref('stg_' ~ dataset ~ '__campaign_outcomes') }} as outcomes
    union all
    {% endfor %}
    {{ no_rows(
        ['dataset', 'experiment', 'customer_id'],
        date=['day'], **{'decimal(18, 4)': ['amount'], 'int': ['purchases'], 'boolean': ['is_outcome', 'is_before']}
    ) }}

),

-- Results reach to the as-of date, or to the last day of the input of outcomes.
reached as (

    select
        '' as dataset,
        cast(null as date) as last_day
    where false
    {% for dataset in with_outcomes %}
    union all
    select
        '{{ dataset }}' as dataset,
        max(outcome_date) as last_day
    from {{ ref('stg_' ~ dataset ~ '__campaign_outcomes') }}
    {% endfor %}
    {% for dataset in with_purchases if dataset not in with_outcomes %}
    union all
    select
        dataset,
        as_of_date as last_day
    from {{ ref('as_of_dates') }}
    where dataset = '{{ dataset }}'
    {% endfor %}

),

in_window as (

    select
        windows.experiment,
        bought.customer_id,
        sum(case when bought.day >= windows.starts_on then bought.purchases else 0 end) as purchases,
        sum(case when bought.day >= windows.starts_on then bought.amount else 0 end) as money,
        sum(case when bought.day <= windows.before_ends_on then bought.purchases else 0 end) as before_purchases,
        sum(case when bought.day <= windows.before_ends_on then bought.amount else 0 end) as before_money
    from bought
    inner join windows
        on
            bought.dataset = windows.dataset
            and (
                (
                    bought.is_outcome
                    and bought.day between windows.starts_on and windows.ends_on
                    and coalesce(bought.experiment, windows.experiment) = windows.experiment
                )
                or (bought.is_before and bought.day between windows.before_starts_on and windows.before_ends_on)
            )
    group by windows.experiment, bought.customer_id

),

-- Whoever bought nothing adds nothing to any sum.
buyers as (

    select
        assigned.experiment,
        assigned.persona,
        assigned.arm,
        case when in_window.purchases > 0 then 1 else 0 end as bought,
        in_window.purchases,
        cast(in_window.money as decimal(18, 4)) as money,
        case when in_window.before_purchases > 0 then 1 else 0 end as before_bought,
        in_window.before_purchases,
        cast(in_window.before_money as decimal(18, 4)) as before_money
    from in_window
    inner join {{ ref('campaign_assignments') }} as assigned
        on in_window.experiment = assigned.experiment and in_window.customer_id = assigned.customer_id

),

-- Decimals and whole numbers add up exactly, whatever the order of the rows.
added_up as (

    select
        experiment,
        persona,
        arm,
        {% for metric in metrics %}
        sum({{ metric }}) as {{ metric }}_sum,
        sum({{ metric }} * {{ metric }}) as {{ metric }}_squares,
        sum(before_{{ metric }}) as {{ metric }}_before_sum,
        sum(before_{{ metric }} * before_{{ metric }}) as {{ metric }}_before_squares,
        sum({{ metric }} * before_{{ metric }}) as {{ metric }}_product,
        {% endfor %}
        sum(purchases * money) as purchases_and_money
    from buyers
    group by experiment, persona, arm

),

sums as (

    select
        arms.*,
        {% for metric in metrics %}
        {% for sum in ['sum', 'squares', 'before_sum', 'before_squares', 'product'] %}
        cast(coalesce(added_up.{{ metric }}_{{ sum }}, 0) as double) as {{ metric }}_{{ sum }},
        {% endfor %}
        {% endfor %}
        cast(coalesce(added_up.purchases_and_money, 0) as double) as purchases_and_money
    from arms
    left join added_up
        on
            arms.experiment = added_up.experiment
            and arms.persona = added_up.persona
            and arms.arm = added_up.arm

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
        '{{ metric }}' as metric,
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
        metrics.metric = experiments.outcome as is_outcome,
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
    inner join {{ ref('experiments') }} as experiments
        on metrics.experiment = experiments.experiment
    left join reached
        on metrics.dataset = reached.dataset

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
