{#
    The rows of an input with its columns parsed and the first problem of each row, as a query: row_number, the columns
    of `input_definitions`, and problem_column, value_problem and problem_value (null for a usable row). Do not indent
    the result:
    the name of a column may contain a line break. A line of a text file that is not a record has the problem_column
    `line`, and its problem_value says what is wrong with it;
    summary rows are rejected. An invalid optional value does not reject its row: it is left empty, and emptied_values
    says what it was.
    Example: with judged as ({{ judged_input('shop_customers') }})
#}
{% macro judged_input(input) %}
{%- set reading = customer_segmentation.input_reading(input) | rejectattr('is_fallback') | list -%}
{%- set relation = ref('input_' ~ input) -%}
{#- before the input is read, there is no column -#}
{%- if not reading %}{{ return('select 1 as row_number from ' ~ relation) }}{% endif -%}
{%- set with_broken_lines = customer_segmentation.has_broken_lines(relation) -%}
{%- set summary = none if customer_segmentation.is_synthetic(input)
    else customer_segmentation.summary_row(input, reading) -%}
{%- set checked = reading | selectattr('kind', 'in', ['id', 'number', 'date']) | list -%}
{%- set judged = checked | rejectattr('when_missing', 'equalto', 'leave_empty') | list -%}
{#- recency is counted from such a date; generated rows have no wrong dates, and checking would generate them twice -#}
{%- set dated = [] if customer_segmentation.is_synthetic(input)
    else judged | selectattr('kind', 'equalto', 'date') | list -%}
{%- set emptied = checked | selectattr('when_missing', 'equalto', 'leave_empty') | list -%}
select
    row_number,
    {%- for entry in reading %}
    {%- if entry in emptied %}
    case when {{ entry.column }}_problem is null then {{ entry.column }} end as {{ entry.column }},
    {%- else %}
    {{ entry.column }},
    {%- endif %}
    {%- endfor %}
    {%- for entry in reading if entry.shows_words %}
    lower({{ entry.column }}_text) as {{ entry.column }}_found,
    {%- endfor %}
    {%- if emptied %}
    {# most rows have no problem, and building texts is slow #}
    case
        when {% for entry in emptied %}{{ ' or ' if not loop.first }}{{ entry.column }}_problem is not null{% endfor %}
            then
                {%- for entry in emptied %}
                {{ '|| ' if not loop.first -}}
                case when {{ entry.column }}_problem is null then '' else {{ customer_segmentation.found_instead(
                    "'" ~ entry.column ~ "'", customer_segmentation.judged_text(entry)
                ) }} || '; ' end
                {%- endfor %}
    end as emptied_values,
    {%- else %}
    cast(null as {{ dbt.type_string() }}) as emptied_values,
    {%- endif %}
    case
        {%- if with_broken_lines %}
        when input_problem is not null then 'line'
        {%- endif %}
        {%- if summary %}
        when summary_text is not null then summary_column
        {%- endif %}
        {%- for entry in judged %}
        when {{ entry.column }}_problem is not null then '{{ entry.column }}'
        {%- endfor %}
    end as problem_column,
    coalesce(
        {%- if with_broken_lines %}case when input_problem is not null then 'broken line' end, {% endif %}
        {%- if summary %}case when summary_text is not null then 'summary row' end, {% endif %}
        {%- for entry in judged %}{{ entry.column }}_problem, {% endfor %}null) as value_problem,
    case
        {%- if with_broken_lines %}
        when input_problem is not null then input_problem
        {%- endif %}
        {%- if summary %}
        when summary_text is not null then summary_text
        {%- endif %}
        {%- for entry in judged %}
        when {{ entry.column }}_problem is not null then {{ customer_segmentation.judged_text(entry) }}
        {%- endfor %}
    end as problem_value
from (
    select
        valued.*,
        {%- for entry in checked %}
        {{ customer_segmentation.value_problem(entry, entry in dated) }} as {{ entry.column }}_problem{{
            ',' if not loop.last
        }}
        {%- endfor %}
    from (
        select
            found.*,
            {%- for entry in reading %}
            {{ customer_segmentation.input_value(entry) }} as {{ entry.column }}{{ ',' if not loop.last }}
            {%- endfor %}
            {%- for entry in dated %},
            {{ customer_segmentation.last_believed_date(entry, relation) }} as {{ entry.column }}_last
            {%- endfor %}
        from (
            select
                input_row_number as row_number,
                {%- if with_broken_lines %}
                input_problem,
                {%- endif %}
                {%- if summary %}
                {{ summary.column }} as summary_column,
                {{ summary.text }} as summary_text,
                {%- endif %}
                {%- for entry in reading %}
                {%- if entry.marks %}
                {{ entry.marks }} as {{ entry.column }}_mark,
                {%- endif %}
                {{ customer_segmentation.columns_to_read(entry) }}{{ ',' if not loop.last }}
                {%- endfor %}
            from {{ relation }}
        ) as found
    ) as valued
) as judged
{%- endmacro %}
