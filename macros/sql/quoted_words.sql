{# Words as a list of SQL texts: 'guest', '0'. #}
{% macro quoted_words(words) -%}
    {%- for word in words -%}
        '{{ word | replace("'", "''") }}'{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
