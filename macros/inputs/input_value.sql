{#
    An input's value with the type that staging needs, from <column>_text, from <column>_plain if a number is written
    with signs, or from <column>_typed if it already has its type; null if it cannot be read. <column>_mark, if
    with_marks found one, takes precedence over a status that counts. `entry` is one of input_reading.
#}
{% macro input_value(entry) -%}
    {%- set text, typed = entry.column ~ '_text', entry.column ~ '_typed' -%}
    {%- if entry.kind == 'number' -%}
        {%- set number -%}
            {%- if customer_segmentation.has_its_type(entry) -%}
        case when cast({{ typed }} as double) between -1e300 and 1e300 then cast({{ typed }} as double) end
            {%- else -%}
        {{ customer_segmentation.as_number(
            customer_segmentation.number_text(
                entry.column ~ '_plain' if entry.undressed else text, entry.comma, entry.points
            )
        ) }}
            {%- endif -%}
        {%- endset -%}
        {{ entry.scale | replace('{number}', '(' ~ number ~ ')') | replace('{text}', text) if entry.scale else number }}
    {%- elif entry.kind == 'date' and customer_segmentation.has_its_type(entry) -%}
        cast({{ typed }} as date)
    {%- elif entry.kind == 'date' -%}
        {{ customer_segmentation.as_date(text, entry.dates, entry.short_years, entry.latest_year, entry.months) }}
    {%- elif entry.kind == 'choice' -%}
        {%- set choice -%}
        case {{ customer_segmentation.plain_word(text) }}
            {%- for written, read_as in entry.choices if written != '*' %}
            {%- for word in customer_segmentation.plain_words([written]) %}
            when '{{ word | replace("'", "''") }}' then '{{ read_as }}'
            {%- endfor %}
            {%- endfor %}
            {%- for written, read_as in entry.choices if written == '*' %}
            else '{{ read_as }}'
            {%- endfor %}
        end
        {%- endset -%}
        {#- a failed order is not also waiting for payment -#}
        {%- if entry.marks -%}
        case
            when {{ entry.column }}_mark is not null and {{ choice }} not in ('cancelled', 'failed', 'open')
                then {{ entry.column }}_mark
            else {{ choice }}
        end
        {%- else -%}
        {{ choice }}
        {%- endif %}
    {%- elif entry.kind == 'category' -%}
        {{ "coalesce(lower(" ~ text ~ "), 'unknown')" if entry.found is not none else text }}
    {%- elif entry.placeholders -%}
        case
            when lower({{ text }}) in ({{ customer_segmentation.quoted_words(entry.placeholders) }}) then null
            else {{ text }}
        end
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}
