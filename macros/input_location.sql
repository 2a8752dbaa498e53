{#
    Where an input comes from: {kind, name, is_workbook}. `kind` is `default` for the data of this project, `file` (or a glob),
    or `table`. A sheet of a workbook is named behind its file: customers.xlsx#Sheet.
    The var that has the name of the input says so; a text that ends like a file, or holds a folder, is a file.
    Example: {% set location = input_location('mall_customers') %}
#}
{% macro input_location(input) %}
    {% set name = var(input, none) %}
    {% if not name %}{{ return({'kind': 'default', 'name': none, 'is_workbook': false}) }}{% endif %}
    {% set name = name | string | trim %}
    {% if '://' in name %}
        {% do exceptions.raise_compiler_error(
            "The var " ~ input ~ " is '" ~ name ~ "', an address on a network. Expected a file, a glob or a table. Download the "
            ~ "file first, or make it a table of the warehouse."
        ) %}
    {% endif %}
    {% set endings = ['.csv', '.tsv', '.txt', '.gz', '.parquet', '.xlsx', '.xls', '.json', '.ods', '.zip'] %}
    {% set is_workbook = name.lower().endswith('.xlsx') or '.xlsx#' in name.lower() %}
    {% set is_file = namespace(value=is_workbook or '/' in name or '*' in name or '\\' in name) %}
    {% for ending in endings if name.lower().endswith(ending) %}{% set is_file.value = true %}{% endfor %}
    {{ return({'kind': 'file' if is_file.value else 'table', 'name': name, 'is_workbook': is_workbook}) }}
{% endmacro %}
