-- One row per input row that could not be used, with the reason: nothing that came in is lost.
{% for input in var('inputs') %}
select
    '{{ dataset_of_input(input) }}' as dataset,
    '{{ input }}' as input,
    row_number,
    customer_id,
    problem_column,
    reason,
    explanation,
    raw_row
from {{ rows_of_input(input) }}
where reason is not null
{{ 'union all' if not loop.last }}
{% endfor %}
