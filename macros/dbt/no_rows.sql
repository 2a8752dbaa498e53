{#
    A query with columns of these types and no rows, for a union without parts. A column without a type is text.
    Example: {{ no_rows(['dataset', 'feature'], double=['mean']) }}
#}
{% macro no_rows(texts) -%}
    {%- set columns = [] -%}
    {%- for column in texts -%}
        {%- do columns.append('cast(null as ' ~ dbt.type_string() ~ ') as ' ~ column) -%}
    {%- endfor -%}
    {%- for type, names in kwargs.items() -%}
        {%- for column in names -%}{%- do columns.append('cast(null as ' ~ type ~ ') as ' ~ column) -%}{%- endfor -%}
    {%- endfor -%}
    select
        {{ columns | join(',
        ') }}
    where false
{%- endmacro %}
