{#
    The text of an id in one column of an input, without surrounding spaces, null if there is none. An id that a
    spreadsheet or an export stores as 17.0 is 17; e-mail addresses are compared without regard to case.
#}
{% macro plain_id(entry) -%}
    {%- set column = customer_segmentation.quoted(entry.found) -%}
    {%- if entry.type == 'fraction' -%}
        case
            when {{ column }} = floor({{ column }}) then cast(cast({{ column }} as bigint) as {{ dbt.type_string() }})
            else cast({{ column }} as {{ dbt.type_string() }})
        end
    {%- elif entry.type == 'text' -%}
        case
            when {{ column }} like '%.0%' and {{
                customer_segmentation.matches('trim(' ~ column ~ ')', '^-?[0-9]+[.]0$')
            }}
                then replace(trim({{ column }}), '.0', '')
            {%- if entry.has_email %}
            when {{ column }} like '%@%' then lower(trim({{ column }}))
            {%- endif %}
            else nullif(trim({{ column }}), '')
        end
    {%- else -%}
        nullif(trim(cast({{ column }} as {{ dbt.type_string() }})), '')
    {%- endif -%}
{%- endmacro %}
