{#
    Add to the reading of transactions what their amounts show. The amount gets: `is_computed`, whether it is quantity x
    unit price;
    `continues_orders`, whether rows without an amount may be further lines of an order whose total is on another row,
    as shops export it. A column named as an amount contains unit prices if every row with a negative quantity has a
    positive amount, which no total of a return can have, and amounts do not grow with the quantity: the slope of their
    logarithms is at least two standard errors below a half, while it would be one for totals.
    If that is uncertain, the column stays an amount, and a critical expectation covers these rows. If there are both
    amounts and unit prices, the amount is used, and a note says how often it equals quantity x price.
#}
{% macro with_amount(input, relation, reading) %}
    {% set entries = {} %}
    {% for entry in reading %}{% do entries.update({entry.column: entry}) %}{% endfor %}
    {% if 'transaction_id' not in entries %}{{ return(reading) }}{% endif %}
    {% set amount, quantity, price = entries.amount, entries.quantity, entries.get('unit_price') %}
    {% if entries.get('status') %}{% do entries.status.update({'shows_words': true}) %}{% endif %}
    {% if amount.found is none or customer_segmentation.is_synthetic(input) %}{{ return(reading) }}{% endif %}

    {% set transaction_id = entries.transaction_id %}
    {% if transaction_id.found is not none %}
        {% do amount.update({'continues_orders': run_query(
            "select count(*) from (select 1 from " ~ relation ~ " where " ~ customer_segmentation.input_text(amount)
            ~ " is null limit 1) as found"
        ).rows[0][0] > 0}) %}
    {% endif %}
    {% if quantity is not defined or quantity.found is none %}{{ return(reading) }}{% endif %}

    {% set values %}
        (
            select
                {{ customer_segmentation.input_value(amount) }} as amount,
                {{ customer_segmentation.input_value(quantity) }} as quantity,
                {{ customer_segmentation.input_value(price) if price and price.found is not none
                    else 'cast(null as double)' }} as unit_price
            from (
                select
                    {%- for entry in [amount, quantity, price] if entry and entry.found is not none %}
                    {{ customer_segmentation.columns_to_read(entry) }}{{ ',' if not loop.last }}
                    {%- endfor %}
                from {{ relation }}
            ) as found
        ) as valued
    {% endset %}
    {% if price and price.found is not none %}
        {% set compared = run_query(
            "select count(*), sum(case when abs(amount - quantity * unit_price) <= 0.01 * abs(quantity) then 1 else 0 "
            ~ "end) from "
            ~ values ~ " where amount is not null and quantity * unit_price is not null"
        ).rows[0] %}
        {% do price.notes.append('not used, because there is an amount; in ' ~ (compared[1] or 0) ~ ' of ' ~ compared[0]
            ~ ' rows the amount is ' ~ quantity.found ~ ' x ' ~ price.found) %}
    {% else %}
        {% set seen = run_query(
            "select sum(case when quantity < 0 and amount > 0 then 1 else 0 end), "
            ~ "sum(case when quantity < 0 and amount < 0 then 1 else 0 end), "
            ~ "count(*) filter (where quantity > 0 and amount > 0), "
            ~ "regr_slope(ln(amount), ln(quantity)) filter (where quantity > 0 and amount > 0), "
            ~ "corr(ln(amount), ln(quantity)) filter (where quantity > 0 and amount > 0) from " ~ values
        ).rows[0].values() %}
        {% if seen[0] and not seen[1] and seen[2] > 30 and seen[3] is not none and seen[4] %}
            {% set slope, correlation = seen[3] | float, seen[4] | float %}
            {% set standard_error = (slope / correlation) * ((1 - correlation ** 2) / (seen[2] - 2)) ** 0.5 %}
            {% if slope + 2 * standard_error < 0.5 %}
                {% do price.update({
                    'found': amount.found, 'type': amount.type, 'comma': amount.comma, 'points': amount.points,
                    'notes': ['read as a unit price: ' ~ seen[0] ~ ' rows with a negative quantity have a value '
                        ~ 'above zero, and values do not grow with the quantity'],
                }) %}
                {% do amount.update({'found': none, 'is_computed': true, 'when_missing': 'leave_empty', 'notes': [
                    'computed: ' ~ quantity.found ~ ' x ' ~ price.found
                ]}) %}
            {% endif %}
        {% endif %}
    {% endif %}
    {{ return(reading) }}
{% endmacro %}
