{#
    A figure with all its digits and the sign of its currency, for figures that `figure_text` would round to the same
    text.
    Example: {{ exact_figure('median', 'features.unit') }}
#}
{% macro exact_figure(value, unit) -%}
    case
        when {{ unit }} like 'k%' then substr({{ unit }}, 2) || {{ customer_segmentation.plain_number(value) }} || 'k'
        else {{ unit }} || {{ customer_segmentation.plain_number(value) }}
    end
{%- endmacro %}
