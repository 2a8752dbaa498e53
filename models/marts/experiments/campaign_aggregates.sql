-- One row per experiment, persona, arm and metric: counts, sums and squares. Every effect follows from them, so that no
-- estimate needs a row per customer.
{{ config(post_hook='{{ warn_of_outcomes() }}') }}
{% set with_outcomes, with_purchases = datasets_with_outcomes(), datasets_with_purchases() %}
{% set of_purchases = quoted_words(purchase_metrics()) %}
{#- `named` is an outcome that is no purchase: its metric has the name that the experiment gives it -#}
{% set metrics = purchase_metrics() + (['named'] if with_outcomes else []) %}
with

arms as (

    select
        assigned.experiment,
        assigned.dataset,
        assigned.segmentation,
        assigned.campaign_id,
        assigned.persona_id,
        assigned.persona,
        assigned.arm,
        assigned.control_share,
        assigned.starts_on,
        assigned.ends_on,
        experiments.outcome,
        count(*) as customers
    from {{ ref('campaign_assignments') }} as assigned
    inner join {{ ref('experiments') }} as experiments
        on assigned.experiment = experiments.experiment
    group by
        assigned.experiment, assigned.dataset, assigned.segmentation, assigned.campaign_id, assigned.persona_id,
        assigned.persona, assigned.arm, assigned.control_share, assigned.starts_on, assigned.ends_on,
        experiments.outcome

),

begun as (

    select distinct
        arms.experiment,
        arms.dataset,
        arms.starts_on,
        arms.ends_on,
        arms.outcome,
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

-- Each of these days in a row of its own: a join on equality is what lets the reader skip all others unread.
days as (

    select
        dataset,
        cast({{ dbt.dateadd('day', 'day_number - 1', 'first_day') }} as date) as day
    from (
        select
            dataset,
            first_day,
            {{ number_series(dbt.datediff('first_day', 'last_day', 'day') ~ ' + 1') }} as day_number
        from spans
    ) as numbered

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
        transactions.opens_order as is_purchase,
        coalesce(kept.purchases, 0) = 0 as is_outcome,
        true as is_before
    from {{ ref('stg_' ~ dataset ~ '__transactions') }} as transactions
    inner join {{ ref('as_of_dates') }} as as_of_dates
        on transactions.transaction_date <= as_of_dates.as_of_date
    inner join days
        on transactions.transaction_date = days.day
    left join kept
        on days.dataset = kept.dataset
    where
        transactions.status = 'completed'
        and as_of_dates.dataset = '{{ dataset }}'
        and days.dataset = '{{ dataset }}'
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
        outcomes.outcome is null and outcomes.amount > 0 as is_purchase,
        true as is_outcome,
        {{ 'false' if dataset in with_purchases else 'true' }} as is_before
    from {{ ref('stg_' ~ dataset ~ '__campaign_outcomes') }} as outcomes
    union all
    {% endfor %}
    {{ no_rows(
        ['dataset', 'experiment', 'outcome', 'customer_id'],
        date=['day'], **{'decimal(18, 4)': ['amount'], 'boolean': ['is_purchase', 'is_outcome', 'is_before']}
    ) }}

),

-- Results reach to the as-of date, or to the last day of the input of outcomes; a named outcome has a row of its own.
-- An as-of date that was set says that the input is complete until then, even if it has no row of the last days.
{% set last_outcome = 'max(outcome_date)' %}
{% if setting('as_of_date') %}
{% set last_outcome = "greatest(max(outcome_date), cast('" ~ setting('as_of_date') ~ "' as date))" %}
{% endif %}
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
        {{ last_outcome }} as last_day
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
        windows.experiment,
        bought.customer_id,
        -- counted and not added up: a sum takes twice the memory of a count for each of millions of customers
        count(case when bought.day >= windows.starts_on and bought.is_purchase then 1 end) as purchases,
        sum(case when bought.day >= windows.starts_on and bought.outcome is null then bought.amount else 0 end)
            as money,
        sum(case when bought.day >= windows.starts_on and bought.outcome is not null then bought.amount else 0 end)
            as named,
        count(case when bought.day <= windows.before_ends_on and bought.is_purchase then 1 end) as before_purchases,
        sum(case when bought.day <= windows.before_ends_on and bought.outcome is null then bought.amount else 0 end)
            as before_money
    from bought
    inner join windows
        on
            bought.dataset = windows.dataset
            and coalesce(bought.outcome, windows.outcome) = windows.outcome
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

-- Customers who bought nothing add nothing to any sum.
buyers as (

    select
        assigned.experiment,
        assigned.persona_id,
        assigned.arm,
        case when in_window.purchases > 0 then 1 else 0 end as bought,
        in_window.purchases,
        cast(in_window.money as decimal(18, 4)) as money,
        cast(in_window.named as decimal(18, 4)) as named,
        case when in_window.before_purchases > 0 then 1 else 0 end as before_bought,
        in_window.before_purchases,
        cast(in_window.before_money as decimal(18, 4)) as before_money,
        cast(0 as decimal(18, 4)) as before_named
    from in_window
    inner join {{ ref('campaign_assignments') }} as assigned
        on in_window.experiment = assigned.experiment and in_window.customer_id = assigned.customer_id

),

-- Decimals and whole numbers add up exactly, whatever the order of the rows.
added_up as (

    select
        experiment,
        persona_id,
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
    group by experiment, persona_id, arm

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
            and arms.persona_id = added_up.persona_id
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

-- Without results, or without purchases before, the sums are unknown and not zero; a named outcome has no time before,
-- because rows from before the start are rejected.
{% set known_before = quoted_words(with_purchases) or "''" %}
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
        case when metrics.dataset in ({{ known_before }}) and metrics.named = '' then metrics.{{ column }} end
            as {{ column }},
        {% endfor %}
        case
            when
                metrics.dataset in ({{ known_before }})
                and metrics.named = ''
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
