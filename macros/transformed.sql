{#
    Apply the transform of a feature: `none`, or `log` for ln(1 + x), which tames heavy tails and keeps zero at zero.
    Example: {{ transformed('monetary_value', 'log') }} as value_3
#}
{% macro transformed(expression, transform) -%}
    {%- if transform == 'none' -%} cast({{ expression }} as double)
    {%- elif transform == 'log' -%} ln(1 + cast({{ expression }} as double))
    {%- else -%}
        {%- do exceptions.raise_compiler_error(
            "Unknown transform '" ~ transform ~ "'. Expected one of " ~ known_transforms() | join(', ')
            ~ ". Correct seeds/judgement/segmentation_features.csv."
        ) -%}
    {%- endif -%}
{%- endmacro %}
