{#
    What the reader made of each column of an input, and what it did without: [{found, read_as, kind, note}, ...], in the order of
    the input, then the columns it does not have.
#}
{% macro input_columns(input) %}
    {% set reading, relation = input_reading(input), ref('input_' ~ input) %}
    {# while parsing, one column to render #}
    {% if not execute %}{{ return([{'found': 'id', 'read_as': 'customer_id', 'kind': 'id', 'note': ''}]) }}{% endif %}
    {% set columns = [] %}
    {% for column in adapter.get_columns_in_relation(relation) if column.name != 'input_row_number' %}
        {% set entry = reading | selectattr('found', 'equalto', column.name) | first %}
        {% set notes = [] %}
        {% if entry %}
            {% do notes.append('read as ' ~ entry.kind) %}
            {% if entry.comma %}{% do notes.append('commas stand ' ~ ('before decimals' if entry.comma == 'decimal' else 'between thousands')) %}{% endif %}
            {% do notes.extend(entry.notes or []) %}
        {% else %}
            {% do notes.append('only tells lines apart' if reading | selectattr('column', 'equalto', 'transaction_id') | list else 'not used') %}
        {% endif %}
        {% do columns.append({
            'found': column.name, 'read_as': entry.column if entry else none, 'kind': entry.kind if entry else none,
            'note': notes | join('; ')
        }) %}
    {% endfor %}
    {% for entry in reading if entry.found is none %}
        {% do columns.append({
            'found': none, 'read_as': entry.column, 'kind': entry.kind,
            'note': 'no such column; the number of the row is used' if entry.when_missing == 'row_number' else
            'no such column; left empty',
        }) %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}
