{#
    The columns of an input whose name contains a unit, as {name: {column, unit, factor, note}}: `Annual Income ($)` is
    in dollars. A name that matches a column once its unit is removed is added to `spellings`. An unlisted unit stops
    the build: dollars could be mistaken for thousands.
#}
{% macro header_units(input, names, spellings) %}
    {% set columns = customer_segmentation.rows_as_json(
        "select definitions.column_name as \"column\", max(features.unit) as unit, max(definitions.when_missing) as "
        ~ "when_missing, list(synonyms.written) as accepted from " ~ ref('input_definitions').render()
        ~ " as definitions left join " ~ ref('features').render()
        ~ " as features on features.dataset = '" ~ customer_segmentation.dataset_of_input(input)
        ~ "' and features.feature = definitions.column_name "
        ~ "inner join " ~ ref('input_synonyms').render() ~ " as synonyms on synonyms.input = definitions.input and "
        ~ "synonyms.column_name = definitions.column_name where definitions.input = '" ~ input
        ~ "' and definitions.kind = "
        ~ "'number' group by 1 order by 1"
    ) %}
    {% set units = {} %}
    {% set readings = customer_segmentation.notation(
        'header_readings', {'names': names, 'columns': columns, 'words': customer_segmentation.notation_words()}
    ) %}
    {% for found in readings if found.factor is not none %}
        {% do units.update({found.name: found}) %}
        {% if (input, customer_segmentation.spelling(found.name)) not in spellings %}
            {% do spellings.update({(input, customer_segmentation.spelling(found.name)): found.column}) %}
        {% endif %}
    {% endfor %}
    {% for found in readings if found.factor is none and not found.is_replaced %}
        {% set column = columns | selectattr('column', 'equalto', found.column) | first %}
        {% if found.is_direct or column.when_missing == 'reject_row' %}
            {% do exceptions.raise_compiler_error(
                "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input) ~ "), column " ~ found.name
                ~ ": its name says '" ~ found.unit
                ~ "', and seeds/judgement/input_notations.csv lists no such unit of " ~ found.column
                ~ (" (" ~ column.unit ~ ")" if column.unit else "") ~ ". Add the row unit," ~ found.column ~ ","
                ~ found.unit
                ~ " with its factor, or rename the column if this is not a unit."
            ) %}
        {% endif %}
    {% endfor %}
    {{ return(units) }}
{% endmacro %}
