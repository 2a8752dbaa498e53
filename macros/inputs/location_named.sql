{#
    The kind of location that a text names as the source of an input, as input_location returns it. A table of Spark,
    spark:schema.table or spark:delta./folder, is as good as the files that hold it.
#}
{% macro location_named(input, text) %}
    {% set name = text | string | trim %}
    {% if '://' in name and not name.startswith('spark:') %}
        {% do exceptions.raise_compiler_error(
            "The var " ~ input ~ " is '" ~ name ~ "', an address on a network. Expected a file, a glob or a table. "
            ~ "Download the file first, or make it a table of the warehouse."
        ) %}
    {% endif %}
    {% set endings = ['.csv', '.tsv', '.txt', '.gz', '.parquet', '.xlsx', '.xls', '.json', '.ods', '.zip'] %}
    {% set is_workbook = name.lower().endswith('.xlsx') or '.xlsx#' in name.lower() %}
    {% set has_path = '/' in name or '*' in name or '\\' in name %}
    {% set is_file = namespace(value=is_workbook or has_path or name.startswith('spark:')) %}
    {% for ending in endings if name.lower().endswith(ending) %}{% set is_file.value = true %}{% endfor %}
    {{ return({'kind': 'file' if is_file.value else 'table', 'name': name, 'is_workbook': is_workbook}) }}
{% endmacro %}
