{#
    Apply the transform of a feature: `none`, or `log` for sign(x) ln(1 + |x|), which tames heavy tails, keeps zero at
    zero and also works for customers who returned more than they bought.
    Example: {{ transformed('monetary_value', 'log') }} as value_3
#}
{% macro transformed(expression, transform) -%}
    {%- if transform == 'none' -%} cast({{ expression }} as double)
    {%- elif transform == 'log' -%}
        sign(cast({{ expression }} as double)) * ln(1 + abs(cast({{ expression }} as double)))
    {%- else -%}
        {%- do exceptions.raise_compiler_error(
            "Unknown transform '" ~ transform ~ "'. Expected one of "
            ~ customer_segmentation.known_transforms() | join(', ')
            ~ ". Correct seeds/judgement/segmentation_features.csv."
        ) -%}
    {%- endif -%}
{%- endmacro %}
