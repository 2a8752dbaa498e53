-- One row per dataset: where its customers come from, whether they are real, how many rows are usable, and what shared
-- pages may show of them.
{% set smallest_cell, exact_points = disclosure_limits() %}
with

inputs as (

    {% for input in dataset_inputs() %}
    select
        '{{ input.dataset }}' as dataset,
        '{{ input.input }}' as input,
        '{{ published_origin(input.input) | replace("'", "''") }}' as origin,
        cast('{{ is_synthetic(input.input) }}' as boolean) as is_synthetic,
        cast('{{ is_example(input.input) }}' as boolean) as is_example,
        count(*) as input_rows,
        sum(case when reason is not null then 1 else 0 end) as rejected_rows
    from {{ ref(input.rows) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

customers as (

    {% for dataset in names_in_var('datasets') %}
    select
        '{{ dataset }}' as dataset,
        count(*) as customers
    from {{ ref(dataset ~ '_customer_features') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        inputs.dataset,
        {{ display_name('dataset_names.display_name', 'inputs.dataset') }} as dataset_name,
        {{ dbt.listagg("inputs.input || ': ' || inputs.origin", "'; '", "order by inputs.input") }} as origin,
        bool_or(inputs.is_synthetic) as is_synthetic,
        -- customers that were made from orders are rows of an input, but were not read
        cast(sum(case when inputs.origin = 'from_transactions' then 0 else inputs.input_rows end) as bigint)
            as input_rows,
        cast(sum(inputs.rejected_rows) as bigint) as rejected_rows,
        customers.customers,
        as_of_dates.as_of_date,
        bool_and(inputs.is_example) as is_example,
        bool_and(inputs.is_example) or {{ exact_points }} as has_exact_points,
        case when bool_and(inputs.is_example) then 1 else {{ smallest_cell }} end as smallest_cell
    from inputs
    inner join customers
        on inputs.dataset = customers.dataset
    left join {{ ref('as_of_dates') }} as as_of_dates
        on inputs.dataset = as_of_dates.dataset
    left join {{ ref('dataset_names') }} as dataset_names
        on inputs.dataset = dataset_names.dataset
    group by inputs.dataset, dataset_names.display_name, customers.customers, as_of_dates.as_of_date

)

select * from final
