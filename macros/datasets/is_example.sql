{#
    Whether the rows of an input come with this project: the input reads the data of the project, and if its model names
    the fingerprint of that data, the rows still match it.
#}
{% macro is_example(input) %}
    {% if not execute or var(input, none) %}{{ return(false) }}{% endif %}
    {% set described = customer_segmentation.input_description(input) %}
    {% set relation = adapter.get_relation(described.database, described.schema, 'input_' ~ input)
        if described.fingerprint %}
    {% if not relation %}{{ return(described.is_synthetic) }}{% endif %}
    {{ return(
        run_query(
            "select " ~ customer_segmentation.data_fingerprint(relation) ~ " from " ~ relation
        ).rows[0][0] == described.fingerprint
    ) }}
{% endmacro %}
