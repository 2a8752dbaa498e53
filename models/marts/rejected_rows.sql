-- One row per input row that could not be used, with the reason: nothing that came in is lost.
{% for dataset in var('datasets') %}
select
    '{{ dataset }}' as dataset,
    row_number,
    customer_id,
    reason,
    explanation,
    raw_row
from {{ ref('stg_' ~ dataset ~ '__customer_rows') }}
where reason is not null
{{ 'union all' if not loop.last }}
{% endfor %}
