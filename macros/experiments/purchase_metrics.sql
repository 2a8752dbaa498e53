{#
    What is measured of purchases in every experiment. Another outcome of the seed `experiments` is counted by the rows
    of the input of campaign outcomes that bear its name.
    Example: {{ quoted_words(purchase_metrics()) }}
#}
{% macro purchase_metrics() %}
    {{ return(['bought', 'purchases', 'money']) }}
{% endmacro %}
