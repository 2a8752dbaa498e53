{#
    Stop the build if a row of the seed `input_definitions` is invalid. `row` is column_name, kind, when_missing,
    minimum, maximum.
#}
{% macro stop_on_faulty_definition(input, row) %}
    {% set kinds = ['id', 'number', 'date', 'category', 'choice', 'mark'] %}
    {% set ways = ['reject_row', 'leave_empty', 'row_number'] %}
    {% set is_date = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' %}
    {% set fault = namespace(text=none) %}
    {% if row[1] not in kinds %}
        {% set fault.text = "column kind: found " ~ row[1] ~ ", expected one of " ~ kinds | join(', ') %}
    {% elif row[2] not in ways or (row[2] == 'row_number' and row[1] != 'id') %}
        {% set fault.text = "column when_missing: found " ~ row[2] ~ ", expected one of " ~ ways | join(', ')
            ~ " (row_number for an id only)" %}
    {% elif row[1] == 'number' and (row[3] | float(none) is none or row[4] | float(none) is none) %}
        {% set fault.text = "columns valid_minimum and valid_maximum: found " ~ (row[3] or 'nothing') ~ " and "
            ~ (row[4] or 'nothing') ~ ", expected two numbers, here or in seeds/judgement/features.csv" %}
    {% elif row[1] == 'date' and not (
        modules.re.match(is_date, row[3] or '') and modules.re.match(is_date, row[4] or '')
    ) %}
        {% set fault.text = "columns valid_minimum and valid_maximum: found " ~ (row[3] or 'nothing') ~ " and "
            ~ (row[4] or 'nothing') ~ ", expected two dates such as 2024-12-31" %}
    {% endif %}
    {% if fault.text %}
        {% do exceptions.raise_compiler_error(
            "seeds/judgement/input_definitions.csv, input " ~ input ~ ", column_name " ~ row[0] ~ ", " ~ fault.text
            ~ ". Correct the row."
        ) %}
    {% endif %}
{% endmacro %}
