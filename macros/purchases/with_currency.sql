{#
    Add to the reading of transactions the currencies they contain. The currency gets `counted`: the currency whose
    amounts count, in lower case, if there are several; amounts in different currencies are never added up. It is the
    currency that the var `transaction_currency` names, or else the one that nearly all rows have (the var
    `main_currency_share`). Stops if there is no main currency. The word `converted` says that all amounts are in one
    currency, whatever the column holds.
#}
{% macro with_currency(input, relation, reading) %}
    {% set entry = reading | selectattr('column', 'equalto', 'currency') | first %}
    {% if not entry or entry.found is none %}{{ return(reading) }}{% endif %}
    {% set wanted = (customer_segmentation.setting('transaction_currency') or '') | string | trim | lower %}
    {% set text = 'lower(' ~ customer_segmentation.input_text(entry) ~ ')' %}
    {% set rows = run_query(
        "select " ~ text ~ ", count(*) from " ~ relation ~ " where " ~ text
        ~ " is not null group by 1 order by 2 desc, 1"
    ).rows %}
    {% set listed, total = [], namespace(rows=0) %}
    {% for row in rows %}
        {% do listed.append(row[0] | upper ~ ' in ' ~ row[1] ~ ' rows') %}
        {% set total.rows = total.rows + row[1] %}
    {% endfor %}
    {% set names = rows | map(attribute=0) | list %}
    {% if wanted and wanted != 'converted' and wanted not in names %}
        {% do exceptions.raise_compiler_error(
            "The var transaction_currency is '" ~ customer_segmentation.setting('transaction_currency')
            ~ "', but no row of the input " ~ input ~ " ("
            ~ customer_segmentation.input_origin(input) ~ ") has this currency. Found "
            ~ (listed[:10] | join(', ') or 'none') ~ ". Name one of them."
        ) %}
    {% elif rows | length < 2 or wanted == 'converted' %}
        {% if rows | length > 1 %}
            {% do entry.notes.append(
                listed[:10] | join(', ') ~ '; the var transaction_currency says that all amounts are converted'
            ) %}
        {% endif %}
        {{ return(reading) }}
    {% elif not wanted and rows[0][1] < customer_segmentation.setting('main_currency_share') * total.rows %}
        {% do exceptions.raise_compiler_error(
            "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input) ~ "), column " ~ entry.found
            ~ ": found several currencies ("
            ~ listed[:10] | join(', ') ~ "), which cannot be added. Expected one, or one in at least "
            ~ (customer_segmentation.setting('main_currency_share') * 100) | round | int
            ~ " % of the rows. Say which one to count, for example with --vars "
            ~ "'{transaction_currency: " ~ names[0] | upper
            ~ "}', or `converted` if all amounts are in one currency already."
        ) %}
    {% endif %}
    {% do entry.update({'counted': wanted or names[0]}) %}
    {% do entry.notes.append('several currencies are never added: ' ~ listed[:10] | join(', ') ~ '; amounts in '
        ~ entry.counted | upper ~ ' count, rows in another currency are rejected') %}
    {{ return(reading) }}
{% endmacro %}
