{#
    The rows of an input with its columns parsed and the first thing that is wrong with each row, as a query: row_number, the
    columns of `input_definitions`, raw_row, and problem_column, value_problem and problem_value (null for a usable row).
    Example: with judged as ({{ judged_input('mall_customers') }})
#}
{% macro judged_input(input) %}
{%- set reading = input_reading(input) -%}
{%- set relation = ref('input_' ~ input) -%}
{%- if not execute %}{{ return('select 1 as row_number from ' ~ relation) }}{% endif -%}
{%- set judged = reading | selectattr('kind', 'in', ['id', 'number', 'date']) | rejectattr('column', 'none') | list -%}
select
    row_number,
    {%- for entry in reading %}
    {{ entry.column }},
    {%- endfor %}
    raw_row,
    case
        {%- for entry in judged %}
        when {{ entry.column }}_problem is not null then '{{ entry.column }}'
        {%- endfor %}
    end as problem_column,
    coalesce({% for entry in judged %}{{ entry.column }}_problem, {% endfor %}null) as value_problem,
    case
        {%- for entry in judged %}
        when {{ entry.column }}_problem is not null then {{ entry.column }}_text
        {%- endfor %}
    end as problem_value
from (
    select
        valued.*,
        {%- for entry in judged %}
        {{ value_problem(entry) | indent(8) }} as {{ entry.column }}_problem{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            texts.row_number,
            texts.raw_row,
            {%- for entry in reading %}
            texts.{{ entry.column }}_text,
            {{ input_value(entry) | indent(12) }} as {{ entry.column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select
                input_row_number as row_number,
                {%- for entry in reading %}
                {{ input_text(entry) | indent(16) }} as {{ entry.column }}_text,
                {%- if has_its_type(entry) %}
                {{ adapter.quote(entry.found) }} as {{ entry.column }}_typed,
                {%- endif %}
                {%- endfor %}
                {{ raw_row(relation) | indent(16) }} as raw_row
            from {{ relation }}
        ) as texts
    ) as valued
) as judged
{%- endmacro %}
