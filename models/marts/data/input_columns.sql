-- One row per column of each input, and per expected column that an input lacks: how it was read.
-- All columns of an input are counted in one pass over its rows.
{% for input in dataset_inputs() %}{% do ref(input.rows) %}{% endfor %}
{% set selects = [] %}
with

{% for input in dataset_inputs() %}
{% set columns = input_columns(input.input) %}
{{ input.input }}_counted as (

    select
        {% for column in columns if column.read_as and column.found is not none %}
        {% set is_text = column.kind not in ['number', 'date'] %}
        {% set is_known = (column.counted_in or column.read_as) ~ (" <> 'unknown'" if is_text else ' is not null') %}
        sum(case when reason is null and {{ is_known }} then 1 else 0 end) as {{ column.read_as }}_used,
        sum(
            case
                when
                    problem_column = '{{ column.read_as }}'
                    or '; ' || emptied_values like '%; {{ column.read_as }}: found %'
                    then 1
                else 0
            end
        ) as {{ column.read_as }}_rejected,
        {% endfor %}
        count(*) as input_rows
    from {{ ref(input.rows) }}

),

{% for column in columns %}
{% set is_read = column.read_as and column.found is not none %}
{% set one %}
    select
        '{{ input.dataset }}' as dataset,
        '{{ input.input }}' as input,
        '{{ published_origin(input.input) | replace("'", "''") }}' as origin,
        {{ loop.index }} as position,
        {{ "'" ~ column.found | replace("'", "''") ~ "'" if column.found is not none else 'cast(null as string)' }}
            as column_found,
        {{ "'" ~ column.read_as ~ "'" if column.read_as else 'cast(null as string)' }} as read_as,
        '{{ column.note | replace("'", "''") }}' as note,
        cast({{ column.read_as ~ '_used' if is_read else 0 }} as bigint) as values_used,
        cast({{ column.read_as ~ '_rejected' if is_read else 0 }} as bigint) as values_rejected,
        input_rows
    from {{ input.input }}_counted
{% endset %}
{% do selects.append(one) %}
{% endfor %}
{% endfor %}
final as (
    {{ selects | join('union all') }}
)

select * from final
