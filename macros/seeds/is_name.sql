{#
    Whether a text can be part of names in SQL: lower-case letters, digits and underscores, a letter first.
    Example: where not {{ is_name('segmentation') }}
#}
{% macro is_name(text) -%}
    (
        translate({{ text }}, 'abcdefghijklmnopqrstuvwxyz0123456789_', '') = ''
        and translate(substr({{ text }}, 1, 1), 'abcdefghijklmnopqrstuvwxyz', '') = ''
    )
{%- endmacro %}
