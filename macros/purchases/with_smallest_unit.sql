{#
    Complete the reading of transactions by whether their money counts in the smallest unit of the currency, such as cents.
    Rows `smallest unit` of the seed `input_notations` name columns that say so by their presence: `yes` where a documented table
    has them and counts so, `open` where it may, `no` where it does not; `no` goes first, then `yes`. Only money without any decimals
    can be meant, and only a column of currencies says what the unit is: cents, yen or thousandths of a dinar (rows `currency unit`).
    What stays open is read as it stands, and the build warns. `names` are the columns of the input.
#}
{% macro with_smallest_unit(input, relation, reading, names) %}
    {% set entries = {} %}
    {% for entry in reading %}{% do entries.update({entry.column: entry}) %}{% endfor %}
    {% if 'transaction_id' not in entries or customer_segmentation.is_synthetic(input) %}{{ return(reading) }}{% endif %}
    {% set money = [] %}
    {% for name in ['amount', 'unit_price', 'refunded_amount'] if entries.get(name) and entries[name].found is not none %}
        {% do money.append(entries[name]) %}
    {% endfor %}
    {% set said = {'yes': [], 'open': [], 'no': []} %}
    {% for word in customer_segmentation.notation_words('smallest unit') %}
        {% for name in names if customer_segmentation.spelling(name) == customer_segmentation.spelling(word.written) %}
            {% do said.setdefault(word.means, []).append(name) %}
        {% endfor %}
    {% endfor %}
    {# a unit in the name of a column has said it already #}
    {% if not money or said.no or not (said.yes or said.open) or money | selectattr('scale') | list %}{{ return(reading) }}{% endif %}

    {% set decimals = [] %}
    {% for entry in money %}
        {% set value = customer_segmentation.quoted(entry.found) %}
        {% if entry.type == 'text' %}
            {% do decimals.append("trim(" ~ value ~ ") <> '' and not " ~ customer_segmentation.matches("trim(" ~ value ~ ")", '^[-+]?[0-9]+$')) %}
        {% else %}
            {% do decimals.append(value ~ " <> floor(" ~ value ~ ")") %}
        {% endif %}
    {% endfor %}
    {% if run_query(
        "select count(*) from (select 1 from " ~ relation ~ " where " ~ decimals | join(' or ') ~ " limit 1) as found"
    ).rows[0][0] %}
        {{ return(reading) }}
    {% endif %}

    {% set units, currency = customer_segmentation.notation_words('currency unit'), entries.get('currency') %}
    {% set usual = (units | selectattr('written', 'equalto', '*') | first or {'factor': none}).factor %}
    {% set has_currency = currency and currency.found is not none and true %}
    {% set found, foreign = [], [] %}
    {% if has_currency %}
        {% for row in run_query(
            "select distinct upper(" ~ customer_segmentation.input_text(currency) ~ ") from " ~ relation ~ " order by 1"
        ).rows if row[0] %}
            {% do found.append(row[0]) %}
        {% endfor %}
    {% endif %}
    {% set special, parts = {}, [] %}
    {% for unit in units if unit.written in found %}{% do special.update({unit.written: unit.factor}) %}{% endfor %}
    {% if found and found | reject('in', special) | list == [] and special.values() | reject('equalto', 1.0) | list == [] %}
        {# these currencies have no smaller unit #}
        {{ return(reading) }}
    {% endif %}
    {% if not said.yes or not has_currency or not usual %}
        {% for entry in money if entry.column != 'refunded_amount' %}
            {% do entry.notes.append(
                'may count in the smallest unit of a currency, such as cents: no value has decimals, and the input has a column '
                ~ (said.yes or said.open)[0] ~ ('' if has_currency else ' and none of currencies')
                ~ '; read as it stands'
            ) %}
        {% endfor %}
        {{ return(reading) }}
    {% endif %}
    {% for name, factor in special.items() %}
        {% do parts.append("when '" ~ name | replace("'", "''") ~ "' then {number} / " ~ (1 / factor)) %}
    {% endfor %}
    {% set divided = '{number} / ' ~ (1 / usual) %}
    {% for entry in money %}
        {% do entry.update({
            'scale': "case upper(currency_text) " ~ parts | join(' ') ~ " else " ~ divided ~ " end" if parts else divided
        }) %}
        {% do entry.notes.append(
            'counts in the smallest unit of the currency, as ' ~ said.yes[0] ~ ' says: divided by ' ~ (1 / usual) | round | int
        ) %}
        {% for name, factor in special.items() %}
            {% do entry.notes.append(name ~ (' as it is' if factor == 1 else ' by ' ~ (1 / factor) | round | int)) %}
        {% endfor %}
    {% endfor %}
    {{ return(reading) }}
{% endmacro %}
