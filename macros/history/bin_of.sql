{#
    The bin of a value, from 1: one more than the number of upper limits, at most nine in order, that it exceeds. A
    cluster is its own bin.
    Example: {{ bin_of('measure', 'value', 'upper_values') }} as bin
#}
{% macro bin_of(measure, value, upper_values) -%}
    case
        when {{ measure }} = 'segment' then cast({{ value }} as int)
        else
            1
            {%- for place in range(1, 10) %}
            + case when {{ value }} > {{ upper_values }}[{{ place }}] then 1 else 0 end
            {%- endfor %}
    end
{%- endmacro %}
