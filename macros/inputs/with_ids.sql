{#
    Add to the reading of an input what its ids show. An id gets: `others`, entries to fall back on if it is empty;
    `placeholders`, the words of the seed `placeholder_ids` that are not customers here; `has_email`, whether its values
    include e-mail addresses; `is_fallback`, whether it serves only as a fallback for others. Without an id column, an
    order uses its name, or else the id of the record if that does not repeat on another day (is_id_of_rows); a customer
    uses the e-mail address; and a purchase without a date uses the day on which it was created. If the customers come
    from the transactions, an address in every row identifies them better than ids that some rows lack; if they come
    from a table, the ids must be those of the table.
#}
{% macro with_ids(input, relation, reading, placeholders) %}
    {% set entries = {} %}
    {% for entry in reading %}{% do entries.update({entry.column: entry}) %}{% endfor %}
    {% for wanted, next_best in [
        ('transaction_id', 'order_name'), ('transaction_id', 'record_id'), ('customer_id', 'customer_email'),
        ('transaction_date', 'created_on')
    ] %}
        {% if entries.get(next_best) %}{% do entries[next_best].update({'is_fallback': true}) %}{% endif %}
        {% if entries.get(wanted) and entries.get(next_best) and entries[next_best].found is not none %}
            {% set entry, other = entries[wanted], entries[next_best] %}
            {% if entry.found is none and next_best == 'record_id'
                and not customer_segmentation.is_id_of_rows(relation, other, entries) %}
                {% do entry.passed_over.update({
                    other.found: 'not used as an order id: the same value occurs with several days or customers'
                }) %}
            {% elif entry.found is none %}
                {% do entry.update({'found': other.found, 'type': other.type}) %}
            {% elif wanted == 'customer_id' %}
                {% do entry.update({'others': [other]}) %}
            {% elif next_best == 'record_id' and not customer_segmentation.is_synthetic(input) %}
                {% set filled, total = run_query(
                    "select count(nullif(trim(cast(" ~ customer_segmentation.quoted(entry.found) ~ " as "
                    ~ dbt.type_string() ~ ")), '')), count(*) from "
                    ~ relation
                ).rows[0].values() %}
                {% if filled < total and customer_segmentation.is_id_of_rows(relation, other, entries) %}
                    {% if filled %}
                        {% do entry.update({'others': [other]}) %}
                    {% else %}
                        {% do entry.passed_over.update({entry.found: 'could also be transaction_id, but is empty'}) %}
                        {% do entry.update({'found': other.found, 'type': other.type}) %}
                    {% endif %}
                {% endif %}
            {% endif %}
        {% endif %}
    {% endfor %}
    {# generated rows always have ids #}
    {% if customer_segmentation.is_synthetic(input) %}{{ return(reading) }}{% endif %}

    {% for entry in reading if entry.kind == 'id' and entry.found is not none and entry.type == 'text' %}
        {% do entry.update({'has_email': run_query(
            "select count(*) from (select 1 from " ~ relation ~ " where " ~ customer_segmentation.quoted(entry.found)
            ~ " like '%@%' limit 1) as found"
        ).rows[0][0] > 0}) %}
    {% endfor %}
    {% if 'transaction_id' in entries and entries.get('customer_id') and entries.customer_id.found is not none %}
        {% set entry = entries.customer_id %}
        {% set met = customer_segmentation.placeholders_met(relation, entry, placeholders) %}
        {% do entry.update({'placeholders': met.keys() | list}) %}
        {% for word, rows in met.items() %}
            {% do entry.notes.append("'" ~ word ~ "' in " ~ rows ~ " rows is not a customer") %}
        {% endfor %}
        {% if entry.others %}
            {% set other = entry.others[0] %}
            {% set lacking, total, other_filled = run_query(
                "select sum(case when " ~ customer_segmentation.id_or_nothing(entry)
                ~ " is null then 1 else 0 end), count(*), count("
                ~ customer_segmentation.id_or_nothing(other) ~ ") from " ~ relation
            ).rows[0].values() %}
            {% if lacking and other_filled == total
                and customer_segmentation.input_location(
                    customer_segmentation.dataset_of_input(input) ~ '_customers'
                ).name == 'from_transactions' %}
                {% do entry.passed_over.update({entry.found: 'not used: ' ~ lacking ~ ' rows have no customer'
                    ~ (" (" ~ entry.placeholders | join(', ') ~ ")" if entry.placeholders else '') ~ '; ' ~ other.found
                    ~ ', filled in every row, tells customers apart'}) %}
                {% do entry.update({
                    'found': other.found, 'type': other.type, 'has_email': other.has_email, 'others': [],
                    'placeholders': [],
                    'notes': [],
                }) %}
            {% elif lacking %}
                {% do entry.notes.append('if it names no customer, ' ~ other.found ~ ' does') %}
            {% endif %}
        {% endif %}
    {% endif %}
    {{ return(reading) }}
{% endmacro %}
