{# Which column a spelling stands for, as the seed `input_synonyms` lists them: {(input, spelling): column, ...}. #}
{% macro input_spellings(synonyms) %}
    {% set spellings = {} %}
    {% for row in run_query("select input, written, column_name from " ~ synonyms ~ " order by 1, 2, 3").rows %}
        {% set key = (row[0], spelling(row[1])) %}
        {% if spellings.get(key, row[2]) != row[2] %}
            {% do exceptions.raise_compiler_error(
                "seeds/judgement/input_synonyms.csv: '" ~ row[1] ~ "' of the input " ~ row[0] ~ " stands for both "
                ~ spellings[key] ~ " and " ~ row[2] ~ ". Expected one meaning. Remove one of the rows."
            ) %}
        {% endif %}
        {% do spellings.update({key: row[2]}) %}
    {% endfor %}
    {{ return(spellings) }}
{% endmacro %}
