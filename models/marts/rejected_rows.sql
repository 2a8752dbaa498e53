-- One row per input row that could not be used, with the reason: nothing that came in is lost.
-- What a row was is looked up in its input: kept beside every row that can be used it would cost more than all else.
{% for input in var('inputs') %}
{% set rows, relation = rows_of_input(input), ref('input_' ~ input) %}
select
    '{{ dataset_of_input(input) }}' as dataset,
    '{{ input }}' as input,
    judged.row_number,
    judged.customer_id,
    judged.problem_column,
    judged.reason,
    judged.explanation,
    raw_rows.raw_row
from {{ rows }} as judged
left join (
    select
        input_row_number,
        {{ raw_row(relation) }} as raw_row
    from {{ relation }}
    where input_row_number in (select row_number from {{ rows }} where reason is not null)
) as raw_rows
    on judged.row_number = raw_rows.input_row_number
where judged.reason is not null
{{ 'union all' if not loop.last }}
{% endfor %}
