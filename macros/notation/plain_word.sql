{#
    A text of a column with few values without what differs from system to system: upper case, spaces, hyphens and
    underscores. `plain_words` writes the words of `input_values` alike; WooCommerce puts `wc-` before the status of an order.
    Example: {{ plain_word('status_text') }} in ({{ quoted_words(plain_words(['on hold'])) }})
#}
{% macro plain_word(text) -%}
    translate(lower({{ text }}), '-_ ', '')
{%- endmacro %}
