{#
    End of a whisker of a box plot: the furthest value of a group within the fence, or the quartile if the fence holds
    none beyond it. An aggregate; fence and quartile are columns that are the same in the whole group.
    Example: {{ whisker(-1, 'value', 'lower_fence', 'p25') }} as lower_whisker
#}
{% macro whisker(side, value, fence, quartile) -%}
    {% if side < 0 -%}
    round(least(min(case when {{ value }} >= {{ fence }} then {{ value }} end), min({{ quartile }})), 9)
    {%- else -%}
    round(greatest(max(case when {{ value }} <= {{ fence }} then {{ value }} end), max({{ quartile }})), 9)
    {%- endif %}
{%- endmacro %}
