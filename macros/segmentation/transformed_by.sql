{#
    Apply the transform that a column of the same row names.
    Example: {{ transformed_by('expected_value', 'transform') }} as model_value
#}
{% macro transformed_by(value, transform_column) -%}
    case {{ transform_column }}
        {%- for transform in customer_segmentation.known_transforms() %}
        when '{{ transform }}' then {{ customer_segmentation.transformed(value, transform) }}
        {%- endfor %}
    end
{%- endmacro %}
