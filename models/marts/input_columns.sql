-- One row per column of each input, and per column that an input does not have: what the reader understood.
{% for input in var('inputs') %}{% do rows_of_input(input) %}{% endfor %}
{% for input in var('inputs') %}
{% for column in input_columns(input) %}
select
    '{{ dataset_of_input(input) }}' as dataset,
    '{{ input }}' as input,
    '{{ published_origin(input) | replace("'", "''") }}' as origin,
    {{ loop.index }} as position,
    {{ "'" ~ column.found | replace("'", "''") ~ "'" if column.found is not none else 'cast(null as string)' }} as column_found,
    {{ "'" ~ column.read_as ~ "'" if column.read_as else 'cast(null as string)' }} as read_as,
    '{{ column.note | replace("'", "''") }}' as note,
    {% if column.read_as and column.found is not none %}
    cast(
        sum(case when reason is null and cast({{ column.read_as }} as string) <> 'unknown' then 1 else 0 end) as bigint
    ) as values_used,
    cast(
        sum(
            case
                when problem_column = '{{ column.read_as }}'
                or '; ' || emptied_values like '%; {{ column.read_as }}: found %' then 1
                else 0
            end
        ) as bigint
    ) as values_rejected,
    {% else %}
    cast(0 as bigint) as values_used,
    cast(0 as bigint) as values_rejected,
    {% endif %}
    count(*) as input_rows
from {{ rows_of_input(input) }}
union all
{% endfor %}
{% endfor %}
select
    cast(null as string) as dataset,
    cast(null as string) as input,
    cast(null as string) as origin,
    cast(null as int) as position,
    cast(null as string) as column_found,
    cast(null as string) as read_as,
    cast(null as string) as note,
    cast(null as bigint) as values_used,
    cast(null as bigint) as values_rejected,
    cast(null as bigint) as input_rows
where false
