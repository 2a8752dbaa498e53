{#
    Convert a value from the units of the model back to the units of its feature.
    Example: {{ untransformed_by('model_value', 'transform') }} as centroid
#}
{% macro untransformed_by(value, transform_column) -%}
    case {{ transform_column }}
        when 'none' then {{ value }}
        when 'log' then sign({{ value }}) * (exp(abs({{ value }})) - 1)
    end
{%- endmacro %}
