-- One row per input row that could not be used, with the reason: nothing that came in is lost.
-- What a row was is looked up in its input: kept beside every row that can be used it would cost more than all else.
with

{% for input in names_in_var('inputs') %}
{{ input }}_rejected as (

    select
        row_number,
        customer_id,
        problem_column,
        reason,
        explanation,
        {{ 'cast(amount as double)' if input.endswith('_transactions') else 'cast(null as double)' }} as amount,
        {{ 'currency' if input.endswith('_transactions') else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as currency
    from {{ rows_of_input(input) }}
    where reason is not null

),

{{ input }}_raw as (

    select
        input_row_number,
        {{ raw_row(ref('input_' ~ input)) }} as raw_row
    from {{ ref('input_' ~ input) }}
    where input_row_number in (select rejected.row_number from {{ input }}_rejected as rejected)

),

{% endfor %}
final as (

    {% for input in names_in_var('inputs') %}
    select
        '{{ dataset_of_input(input) }}' as dataset,
        '{{ input }}' as input,
        rejected.row_number,
        rejected.customer_id,
        rejected.problem_column,
        rejected.reason,
        rejected.explanation,
        raw_rows.raw_row,
        rejected.amount,
        rejected.currency
    from {{ input }}_rejected as rejected
    left join {{ input }}_raw as raw_rows
        on rejected.row_number = raw_rows.input_row_number
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
