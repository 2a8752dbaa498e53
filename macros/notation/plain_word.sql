{#
    A text without the differences between systems (upper case, spaces, hyphens and underscores), for a column with few
    distinct values. `plain_words` writes the words of `input_values` alike; WooCommerce puts `wc-` before the status of
    an order.
    Example: {{ plain_word('status_text') }} in ({{ quoted_words(plain_words(['on hold'])) }})
#}
{% macro plain_word(text) -%}
    translate(lower({{ text }}), '-_ ', '')
{%- endmacro %}
