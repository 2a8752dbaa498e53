{# The forms that a word of the seed `input_values` can take after `plain_word`. #}
{% macro plain_words(words) %}
    {% set plain = [] %}
    {% for word in words if word != '*' %}
        {% set bare = modules.re.sub('[-_ ]', '', word | lower | trim) %}
        {% do plain.extend([bare, 'wc' ~ bare]) %}
    {% endfor %}
    {{ return(plain | unique | list) }}
{% endmacro %}
