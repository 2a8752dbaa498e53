{#
    Mark the amount as computed in the reading of transactions, because the input has quantities and unit prices instead
    of amounts.
#}
{% macro with_computed_amount(reading) %}
    {% set entries = {} %}
    {% for entry in reading %}{% do entries.update({entry.column: entry}) %}{% endfor %}
    {% if 'amount' in entries and entries.amount.found is none and 'unit_price' in entries
        and entries.unit_price.found is not none and entries.quantity.found is not none %}
        {% do entries.amount.update({'is_computed': true, 'when_missing': 'leave_empty'}) %}
        {% do entries.amount.notes.append('computed: ' ~ entries.quantity.found ~ ' x ' ~ entries.unit_price.found) %}
    {% endif %}
{% endmacro %}
