{#
    Which column a spelling stands for, as the seed `input_synonyms` lists them: {(input, spelling): column, ...}, in
    the order of the seed. A row whose name begins with `!` overrides other rows for the same spelling.
#}
{% macro input_spellings(synonyms) %}
    {% set spellings, settled = {}, [] %}
    {% set query %}
        select input, written, column_name from (
            select input, written, column_name, {{ customer_segmentation.input_row_number() }} as row_number
            from {{ synonyms }}
        ) as numbered
        order by input, row_number
    {% endset %}
    {% for row in run_query(query).rows %}
        {% set key = (row[0], customer_segmentation.spelling(row[1])) %}
        {% if row[1].startswith('!') %}
            {% do settled.append(key) %}
            {% do spellings.update({key: row[2]}) %}
        {% elif key in settled %}
            {# a row with a mark is not overridden #}
        {% elif spellings.get(key, row[2]) != row[2] %}
            {% do exceptions.raise_compiler_error(
                "seeds/judgement/input_synonyms.csv: '" ~ row[1] ~ "' of the input " ~ row[0] ~ " stands for both "
                ~ [spellings[key], row[2]] | sort | join(' and ') ~ ". Expected one meaning. Remove one of the rows."
            ) %}
        {% else %}
            {% do spellings.update({key: row[2]}) %}
        {% endif %}
    {% endfor %}
    {{ return(spellings) }}
{% endmacro %}
