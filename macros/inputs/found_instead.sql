{# The sentence that says which value of which column cannot be used. #}
{% macro found_instead(column, value) -%}
    {{ column }} || ': found ' || coalesce('''' || {{ value }} || '''', 'nothing')
{%- endmacro %}
