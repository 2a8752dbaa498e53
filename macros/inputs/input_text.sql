{#
    The text of an input's value, as `entry` of input_reading describes it: without surrounding spaces, null if there is
    none. An id or a choice that a spreadsheet or an export stores as 17.0 is 17. An id that is empty or a placeholder
    falls back on another column, then on the row number if the seed allows it; a placeholder without a fallback is
    kept.
#}
{% macro input_text(entry) -%}
    {%- set column = customer_segmentation.quoted(entry.found or '') -%}
    {%- if entry.found is none -%}
        cast({{ 'input_row_number' if entry.when_missing == 'row_number' else 'null' }} as {{ dbt.type_string() }})
    {%- elif entry.kind == 'id' and (entry.others or entry.placeholders or entry.when_missing == 'row_number') -%}
        coalesce(
            {{ customer_segmentation.id_or_nothing(entry) }}
            {%- for other in entry.others or [] %}
            , {{ customer_segmentation.id_or_nothing(other) }}
            {%- endfor %}
            {%- if entry.when_missing == 'row_number' %}
            , 'row ' || cast(input_row_number as {{ dbt.type_string() }})
            {%- elif entry.placeholders %}
            , {{ customer_segmentation.plain_id(entry) }}
            {%- endif %}
        )
    {%- elif entry.kind == 'id' -%}
        {{ customer_segmentation.plain_id(entry) }}
    {%- elif entry.type == 'fraction' and entry.kind not in ('number', 'date') -%}
        case
            when {{ column }} = floor({{ column }}) then cast(cast({{ column }} as bigint) as {{ dbt.type_string() }})
            else cast({{ column }} as {{ dbt.type_string() }})
        end
    {%- else -%}
        nullif(trim(cast({{ column }} as {{ dbt.type_string() }})), '')
    {%- endif -%}
{%- endmacro %}
