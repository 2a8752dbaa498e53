{#
    A figure as people read it, with its unit: `$87k`, `$1,144`, `24 purchases`, `1 purchase`. A currency sign comes
    before the figure, and the mark for thousands (`k$`) after it. customer_segmentation.formatting.figure writes the
    same in Python; a test compares them.
    Example: {{ figure_text('median', 'features.unit') }}
#}
{% macro figure_text(value, unit) -%}
{%- set size, is_thousands = 'abs(' ~ value ~ ')', unit ~ " like 'k%'" -%}
{%- set cents = "replace(format('{:.2f}', cast(AMOUNT as double)), '.00', '')" -%}
{%- set number -%}
    replace(case
        when {{ size }} >= 1000000 then {{ customer_segmentation.short_number(value ~ ' / 1000000', 1) }} || 'M'
        when {{ size }} >= 10 then {{ customer_segmentation.short_number(value, 0) }}
        when {{ size }} >= 1 then {{ customer_segmentation.short_number(value, 1) }}
        else {{ customer_segmentation.short_number(value, 2) }}
    end, '-', '−')
{%- endset -%}
case
    when {{ value }} is null then 'not known'
    when {{ customer_segmentation.is_money(unit) }}
        then
            case when {{ value }} * case when {{ is_thousands }} then 1000 else 1 end <= -0.005 then '−' else '' end
            || case when {{ is_thousands }} then substr({{ unit }}, 2) else {{ unit }} end
            || case
                when {{ is_thousands }} and {{ size }} >= 999.5
                    then {{ customer_segmentation.short_number(size ~ ' / 1000', 1) }} || 'M'
                when {{ is_thousands }} and {{ size }} >= 9.95
                    then {{ customer_segmentation.short_number(size, 0) }} || 'k'
                when {{ is_thousands }} and {{ size }} * 1000 >= 999.5
                    then {{ customer_segmentation.short_number(size, 1) }} || 'k'
                when {{ is_thousands }} and {{ size }} * 1000 >= 9.995
                    then {{ customer_segmentation.short_number(size ~ ' * 1000', 0) }}
                when {{ is_thousands }} then {{ cents.replace('AMOUNT', size ~ ' * 1000') }}
                when {{ size }} >= 999999.5 then {{ customer_segmentation.short_number(size ~ ' / 1000000', 1) }} || 'M'
                when {{ size }} >= 9.995 then {{ customer_segmentation.short_number(size, 0) }}
                else {{ cents.replace('AMOUNT', size) }}
            end
    when coalesce({{ unit }}, '') = '' then {{ number }}
    else {{ customer_segmentation.singular_after_one(number ~ " || ' ' || " ~ unit) }}
end
{%- endmacro %}
