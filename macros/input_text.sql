{#
    The text of an input's value, as `entry` of input_reading describes it: without surrounding spaces, null if there is none.
    An id or a choice that a spreadsheet or an export keeps as 17.0 is 17.
#}
{% macro input_text(entry) -%}
    {%- set column = quoted(entry.found or '') -%}
    {%- if entry.found is none -%}
        cast({{ 'input_row_number' if entry.when_missing == 'row_number' else 'null' }} as {{ dbt.type_string() }})
    {%- elif entry.type == 'fraction' and entry.kind not in ('number', 'date') -%}
        case
            when {{ column }} = floor({{ column }}) then cast(cast({{ column }} as bigint) as {{ dbt.type_string() }})
            else cast({{ column }} as {{ dbt.type_string() }})
        end
    {%- elif entry.type == 'text' and entry.kind == 'id' -%}
        case
            when {{ column }} like '%.0%' and {{ matches('trim(' ~ column ~ ')', '^[0-9]+[.]0$') }}
                then replace(trim({{ column }}), '.0', '')
            else nullif(trim({{ column }}), '')
        end
    {%- else -%}
        nullif(trim(cast({{ column }} as {{ dbt.type_string() }})), '')
    {%- endif -%}
{%- endmacro %}
