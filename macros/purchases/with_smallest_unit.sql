{#
    Add to the reading of transactions whether amounts are in the smallest unit of the currency, such as cents. Rows
    `smallest unit` of the seed `input_notations` name columns whose presence shows this: `yes` if a documented table
    has them and uses the smallest unit, `open` if it may, `no` if it does not; `no` takes precedence, then `yes`. Only
    amounts without decimals qualify, and only a currency column tells the unit: cents, yen or thousandths of a dinar
    (rows `currency unit`). Amounts such as 20.00 or a column of fractions are evidence against it, because they may
    already be divided. A row that names the amount column itself decides.
    Undecided amounts are read unchanged, and the build warns. `names` are the columns of the input.
#}
{% macro with_smallest_unit(input, relation, reading, names) %}
    {% set entries = {} %}
    {% for entry in reading %}{% do entries.update({entry.column: entry}) %}{% endfor %}
    {% if 'transaction_id' not in entries or customer_segmentation.is_synthetic(input) %}
        {{ return(reading) }}
    {% endif %}
    {% set money = [] %}
    {% for name in ['amount', 'unit_price', 'refunded_amount']
        if entries.get(name) and entries[name].found is not none %}
        {% do money.append(entries[name]) %}
    {% endfor %}
    {% set said = {'yes': [], 'open': [], 'no': []} %}
    {% for word in customer_segmentation.notation_words('smallest unit') %}
        {% for name in names if customer_segmentation.spelling(name) == customer_segmentation.spelling(word.written) %}
            {% do said.setdefault(word.means, []).append(name) %}
        {% endfor %}
    {% endfor %}
    {# a unit in the name of a column already decides it #}
    {% if not money or said.no or not (said.yes or said.open) or money | selectattr('scale') | list %}
        {{ return(reading) }}
    {% endif %}

    {% set parsed, fractions, written = [], [], [] %}
    {% for entry in money %}
        {% do parsed.append(customer_segmentation.columns_to_read(entry)) %}
        {% set value = '(' ~ customer_segmentation.input_value(entry) ~ ')' %}
        {% do fractions.append("coalesce(" ~ value ~ " <> floor(" ~ value ~ "), false)") %}
        {% if entry.column != 'refunded_amount' %}
            {% do written.append(
                "coalesce(not " ~ customer_segmentation.matches(entry.column ~ '_text', '^[-+]?[0-9]+$') ~ ", false)"
                if entry.type == 'text'
                else ('true' if entry.type == 'fraction' else 'false')
            ) %}
        {% endif %}
    {% endfor %}
    {% set has_fractions, has_decimals = run_query(
        "select coalesce(bool_or(" ~ fractions | join(' or ') ~ "), false), coalesce(bool_or("
        ~ (written | join(' or ') or 'false')
        ~ "), false) from (select " ~ parsed | join(', ') ~ " from " ~ relation ~ ") as found"
    ).rows[0].values() %}
    {% set is_stated = said.yes | select('in', money | map(attribute='found') | list) | list %}
    {% if has_fractions or has_decimals and not said.yes %}{{ return(reading) }}{% endif %}

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
    {% if found and found | reject('in', special) | list == []
        and special.values() | reject('equalto', 1.0) | list == [] %}
        {# these currencies have no smaller unit #}
        {{ return(reading) }}
    {% endif %}
    {% if not said.yes or not has_currency or not usual or has_decimals and not is_stated %}
        {% for entry in money if entry.column != 'refunded_amount' %}
            {% do entry.notes.append(
                'may count in the smallest unit of a currency, such as cents: no value has decimals'
                ~ (' other than zero' if has_decimals else '') ~ ', and the input has a column '
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
            'scale': "case upper(currency_text) " ~ parts | join(' ') ~ " else " ~ divided ~ " end" if parts
            else divided
        }) %}
        {% do entry.notes.append(
            'is in the smallest unit of the currency, as ' ~ said.yes[0] ~ ' shows: divided by '
            ~ (1 / usual) | round | int
        ) %}
        {% for name, factor in special.items() %}
            {% do entry.notes.append(name ~ (' as it is' if factor == 1 else ' by ' ~ (1 / factor) | round | int)) %}
        {% endfor %}
    {% endfor %}
    {{ return(reading) }}
{% endmacro %}
