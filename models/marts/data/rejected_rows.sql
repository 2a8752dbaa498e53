-- One row per input row that could not be used, with the reason, so no input is lost.
-- The original values are looked up in the input: storing them next to every usable row would cost more than everything
-- else.
with

{% for input in dataset_inputs() %}
{{ input.input }}_rejected as (

    select
        row_number,
        customer_id,
        problem_column,
        reason,
        explanation,
        {{ 'cast(amount as double)' if input.has_amounts else 'cast(null as double)' }} as amount,
        {{ 'currency' if input.has_purchases else 'cast(null as ' ~ dbt.type_string() ~ ') as currency' }}
    from {{ ref(input.rows) }}
    where reason is not null

),

{{ input.input }}_raw as (

    select
        input_row_number,
        {{ raw_row(ref('input_' ~ input.input)) }} as raw_row
    from {{ ref('input_' ~ input.input) }}
    where input_row_number in (select rejected.row_number from {{ input.input }}_rejected as rejected)

),

{% endfor %}
final as (

    {% for input in dataset_inputs() %}
    select
        '{{ input.dataset }}' as dataset,
        '{{ input.input }}' as input,
        rejected.row_number,
        rejected.customer_id,
        rejected.problem_column,
        rejected.reason,
        rejected.explanation,
        raw_rows.raw_row,
        rejected.amount,
        rejected.currency
    from {{ input.input }}_rejected as rejected
    left join {{ input.input }}_raw as raw_rows
        on rejected.row_number = raw_rows.input_row_number
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
