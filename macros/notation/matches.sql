{#
    Whether a text matches a regular expression of classes, counts and alternatives, which every engine interprets in
    the same way.
    Example: where {{ matches('date_text', '^[0-9]{4}-') }}
#}
{% macro matches(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}
