{# The values of an input row as they came, without surrounding spaces, separated by commas. #}
{% macro raw_row(relation) -%}
    {%- if not execute %}{{ return("''") }}{% endif -%}
    {%- for column in adapter.get_columns_in_relation(relation) if column.name != 'input_row_number' -%}
        {{ "|| ',' || " if not loop.first }}coalesce(trim(cast({{ quoted(column.name) }} as {{ dbt.type_string() }})), '')
    {% endfor -%}
{%- endmacro %}
