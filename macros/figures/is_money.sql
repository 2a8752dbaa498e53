{#
    Whether a unit is a currency sign, or thousands of it (`k$`). Codes such as CHF are written after the figure, like
    any unit.
    Example: where {{ is_money('features.unit') }}
#}
{% macro is_money(unit) -%}
    coalesce({{ customer_segmentation.matches(unit, '^k?[A-Z]{0,2}\\p{Sc}$') }}, false)
{%- endmacro %}
