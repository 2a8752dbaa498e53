{#
    Stop the build if an input lacks required columns: it is a different kind of file, its header line is missing, or
    its columns have names that are not listed yet. The message suggests another input only if the file could be read as
    that input.
#}
{% macro stop_on_missing_columns(input, reading, present, spellings) %}
    {% set missing = reading | selectattr('when_missing', 'equalto', 'reject_row') | selectattr('found', 'none')
        | map(attribute='column') | list %}
    {% if not missing %}{{ return('') }}{% endif %}
    {% set guess = namespace(input=none, columns=reading | rejectattr('found', 'none') | list | length) %}
    {% set required = {} %}
    {% for row in run_query(
        "select input, column_name from " ~ ref('input_definitions').render()
        ~ " where when_missing = 'reject_row' order by 1, 2"
    ).rows %}
        {% do required.setdefault(row[0], []).append(row[1]) %}
    {% endfor %}
    {% for other in spellings.keys() | map(attribute=0) | unique if other != input %}
        {% set columns = [] %}
        {% for name in present if (other, customer_segmentation.spelling(name)) in spellings %}
            {% do columns.append(spellings[(other, customer_segmentation.spelling(name))]) %}
        {% endfor %}
        {% if columns | unique | list | length > guess.columns
            and not required.get(other, []) | reject('in', columns) | list %}
            {% set guess.input, guess.columns = other, columns | unique | list | length %}
        {% endif %}
    {% endfor %}
    {% do exceptions.raise_compiler_error(
        "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input) ~ ") has no column for "
        ~ missing | join(', ') ~ ". Found "
        ~ present | join(', ') ~ ". " ~ (
            "These columns look like " ~ guess.input ~ ": name the file in that var." if guess.input else
            "Add the name it has here to seeds/judgement/input_synonyms.csv, or rename the column; the first line must "
            ~ "contain the names of the columns."
        )
    ) %}
{% endmacro %}
