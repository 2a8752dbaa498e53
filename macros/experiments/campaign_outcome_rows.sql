{#
    The model stg_<dataset>__campaign_outcome_rows: one row per row of the input of campaign outcomes, parsed, with the
    reason if it cannot be used (otherwise null). A row that names an experiment counts for this one only, and for no
    day before its start; another counts for every experiment that the customer takes part in. A row that names an
    outcome, such as `visits`, is no purchase: it counts for experiments whose outcome it is.
    Example, a whole model: {{ campaign_outcome_rows('shop') }}
#}
{% macro campaign_outcome_rows(dataset) %}
{% set purchases = ['unknown'] + customer_segmentation.purchase_metrics() %}
with

judged as (

    {{ customer_segmentation.judged_input(dataset ~ '_campaign_outcomes') }}

),

experiments as (

    select
        experiments.experiment,
        experiments.outcome,
        experiments.starts_on
    from {{ ref('experiments') }} as experiments
    inner join {{ ref('segmentations') }} as segmentations
        on experiments.segmentation = segmentations.segmentation
    where segmentations.dataset = '{{ dataset }}'

),

outcomes as (

    select distinct outcome
    from experiments

),

first_start as (

    select min(starts_on) as starts_on
    from experiments

),

-- Only usable rows can repeat each other: a broken row must not displace a good one.
numbered as (

    select
        judged.*,
        coalesce(experiments.starts_on, first_start.starts_on) as starts_on,
        experiments.experiment is null and judged.experiment <> 'unknown' as is_unknown_experiment,
        judged.outcome not in ({{ customer_segmentation.quoted_words(purchases) }}) as is_named,
        judged.outcome <> coalesce(experiments.outcome, outcomes.outcome, '') as is_another_outcome,
        customers.customer_id is null as is_unknown_customer,
        row_number() over (
            partition by judged.outcome_id, judged.value_problem is null order by judged.row_number
        ) as occurrence
    from judged
    left join experiments
        on judged.experiment = experiments.experiment
    left join outcomes
        on judged.outcome = outcomes.outcome
    left join {{ ref('stg_' ~ dataset ~ '__customers') }} as customers
        on judged.customer_id = customers.customer_id
    cross join first_start

),

explained as (

    select
        numbered.*,
        case
            when value_problem is not null then value_problem
            when is_unknown_customer then 'unknown customer'
            when is_unknown_experiment then 'unknown experiment'
            when is_named and is_another_outcome then 'unknown outcome'
            when outcome_date < starts_on then 'before the start'
            when occurrence > 1 then 'duplicate row'
        end as reason
    from numbered

),

final as (

    select
        row_number,
        outcome_id,
        customer_id,
        case when experiment <> 'unknown' then experiment end as experiment,
        case when is_named then outcome end as outcome,
        outcome_date,
        try_cast(amount as decimal(18, 4)) as amount,
        cast(null as {{ dbt.type_string() }}) as currency,
        emptied_values,
        case
            when value_problem is not null then problem_column
            when reason = 'unknown customer' then 'customer_id'
            when reason = 'unknown experiment' then 'experiment'
            when reason = 'unknown outcome' then 'outcome'
            when reason = 'before the start' then 'outcome_date'
            when reason = 'duplicate row' then 'outcome_id'
        end as problem_column,
        reason,
        case
            when value_problem is not null then {{ customer_segmentation.value_explanation() }}
            when reason = 'unknown customer'
                then 'customer_id ''' || customer_id || ''' is not among the usable customers'
            when reason = 'unknown experiment'
                then 'experiment ''' || experiment || ''' is not in the seed experiments for this dataset'
            when reason = 'unknown outcome'
                then 'outcome ''' || outcome || ''' is not the outcome of '
                    || case when experiment <> 'unknown' then 'experiment ''' || experiment || ''''
                        else 'any experiment' end
                    || ' in the seed experiments'
            when reason = 'before the start'
                then 'outcome_date ' || cast(outcome_date as {{ dbt.type_string() }})
                    || ' is before the start of the experiment on ' || cast(starts_on as {{ dbt.type_string() }})
            when reason = 'duplicate row'
                then 'outcome_id ''' || outcome_id || ''' repeats an earlier row'
        end as explanation
    from explained

)

select * from final
{% endmacro %}
