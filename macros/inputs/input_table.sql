{# The relation that a var names as the source of an input: `table`, `schema.table` or `database.schema.table`. #}
{% macro input_table(input, name) %}
    {% set parts = name.split('.') %}
    {% if parts | length > 3 or '' in parts %}
        {% do customer_segmentation.stop_on_var(
            input, name, "table, schema.table or database.schema.table, or a file"
        ) %}
    {% endif %}
    {% set relation = adapter.get_relation(
        database=parts[-3] if parts | length > 2 else target.database,
        schema=parts[-2] if parts | length > 1 else target.schema,
        identifier=parts[-1]
    ) %}
    {% if relation is none %}
        {% do exceptions.raise_compiler_error(
            "The var " ~ input ~ " is '" ~ name ~ "', but there is no such table or view in " ~ target.path
            ~ ". Expected schema.table, or a file (.csv, .csv.gz, .parquet or .xlsx). Correct the name."
        ) %}
    {% endif %}
    {{ return(relation) }}
{% endmacro %}
