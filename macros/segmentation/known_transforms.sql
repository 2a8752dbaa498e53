{# The transforms that a feature may take before it is scaled. #}
{% macro known_transforms() %}
    {{ return(['none', 'log']) }}
{% endmacro %}
