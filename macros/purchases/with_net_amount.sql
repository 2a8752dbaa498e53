{#
    Add to the reading of transactions whether refunds are already subtracted from the amounts: rows `less refunds` of
    the seed `input_notations` name such columns. A separate column of refunds is then not used, because refunds would
    be subtracted twice.
#}
{% macro with_net_amount(reading) %}
    {% set amount = reading | selectattr('column', 'equalto', 'amount') | first %}
    {% set refunded = reading | selectattr('column', 'equalto', 'refunded_amount') | first %}
    {% if not amount or not refunded or amount.found is none %}{{ return(reading) }}{% endif %}
    {% for word in customer_segmentation.notation_words('less refunds')
        if customer_segmentation.spelling(word.written) == customer_segmentation.spelling(amount.found) %}
        {% do amount.notes.append('refunds are already subtracted') %}
        {% if refunded.found is not none %}
            {% do refunded.passed_over.update({
                refunded.found: 'not used: refunds are already subtracted from ' ~ amount.found
            }) %}
            {% do refunded.update({'found': none}) %}
        {% endif %}
    {% endfor %}
    {{ return(reading) }}
{% endmacro %}
