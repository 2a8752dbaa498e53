{#
    End of a whisker of a box plot: the furthest value of a group within the fence, or the quartile if the fence holds
    none beyond it. An aggregate; the quartiles are columns that are the same in the whole group.
    Example: {{ whisker(-1, 'value', 'p25', 'p75') }} as lower_whisker
#}
{% macro whisker(side, value, lower_quartile, upper_quartile) -%}
    {% set fence = tukey_fence(side, lower_quartile, upper_quartile) -%}
    {% if side < 0 -%}
    round(least(min(case when {{ value }} >= {{ fence }} then {{ value }} end), min({{ lower_quartile }})), 9)
    {%- else -%}
    round(greatest(max(case when {{ value }} <= {{ fence }} then {{ value }} end), max({{ upper_quartile }})), 9)
    {%- endif %}
{%- endmacro %}
