{#
    How each column of an input was read, and which columns are missing: [{found, read_as, kind, note}, ...], in the
    order of the input, followed by the columns that it lacks.
#}
{% macro input_columns(input) %}
    {% set reading, relation = customer_segmentation.input_reading(input), ref('input_' ~ input) %}
    {# before the input is read, one column to render #}
    {% if not reading %}{{ return([{'found': 'id', 'read_as': 'customer_id', 'kind': 'id', 'note': ''}]) }}{% endif %}
    {% set columns, passed_over = [], {} %}
    {% for entry in reading %}
        {% if entry.is_fallback and entry.found is not none and entry.found not in passed_over %}
            {% do passed_over.update({entry.found: 'used only if another column is empty'}) %}
        {% endif %}
        {% do passed_over.update(entry.passed_over or {}) %}
    {% endfor %}
    {% set marks = reading | selectattr('kind', 'equalto', 'mark') | list %}
    {% set reading = reading | rejectattr('is_fallback') | list %}
    {% for column in customer_segmentation.columns_of_input(relation) %}
        {% set entry = (reading + marks) | selectattr('found', 'equalto', column.name) | first %}
        {% set notes = [] %}
        {% if entry %}
            {% do notes.append('read as ' ~ entry.kind) %}
            {% if entry.comma %}
                {% do notes.append('commas mark ' ~ ('decimals' if entry.comma == 'decimal' else 'thousands')) %}
            {% endif %}
            {% do notes.extend(entry.notes or []) %}
        {% elif column.name in passed_over %}
            {% do notes.append(passed_over[column.name]) %}
        {% else %}
            {% do notes.append(
                'used only to tell lines apart' if reading | selectattr('column', 'equalto', 'transaction_id') | list
                else 'not used'
            ) %}
        {% endif %}
        {% do columns.append({
            'found': column.name, 'read_as': entry.column if entry else none, 'kind': entry.kind if entry else none,
            'note': notes | join('; '),
            'counted_in': ('status' if entry.kind == 'mark' else entry.column) if entry else none
        }) %}
    {% endfor %}
    {% for entry in reading if entry.found is none %}
        {% do columns.append({
            'found': none, 'read_as': entry.column, 'kind': entry.kind,
            'note': 'no such column; ' ~ (entry.notes | join('; ') if entry.notes else
            'the row number is used' if entry.when_missing == 'row_number' else 'left empty'),
        }) %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}
