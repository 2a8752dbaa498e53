{#
    Add to an entry of input_reading how its numbers are written; stops the build if that is ambiguous. `seen` has the
    answers to number_questions, `header` what header_units found in the name of the column (or none).
#}
{% macro number_notation(input, relation, entry, seen, words, header) %}
    {% set signs = [] %}
    {% if seen.dressed %}
        {% set query = customer_segmentation.notation(
            'sign_query',
            {'text': 'trim(' ~ customer_segmentation.quoted(entry.found) ~ ')', 'relation': relation | string}
        ) %}
        {% set signs = customer_segmentation.rows_as_json(query) %}
    {% endif %}
    {% set unit = run_query(
        "select max(unit) from " ~ ref('features').render() ~ " where dataset = '"
        ~ customer_segmentation.dataset_of_input(input) ~ "' and feature = '"
        ~ entry.column ~ "'"
    ).rows[0][0] if signs else none %}
    {% set found = customer_segmentation.notation('number_reading', {
        'seen': seen or {'decimal': none, 'thousands': none, 'open': none, 'point': none},
        'signs': signs, 'words': words,
        'column': entry.column, 'unit': unit, 'header': header,
        'is_spreadsheet': customer_segmentation.input_location(input).is_workbook,
        'may_be_missing': entry.when_missing != 'reject_row',
    }) %}
    {% if found.problem %}
        {% do customer_segmentation.stop_on_open_notation(
            input, entry.found, found.problem.example, found.problem.question, found.problem.way_out
        ) %}
    {% endif %}
    {% do entry.update({
        'comma': found.comma, 'points': found.points, 'undressed': found.undressed, 'scale': found.scale,
        'notes': entry.notes + found.notes
    }) %}
{% endmacro %}
