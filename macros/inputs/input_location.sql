{#
    Where an input comes from: {kind, name, is_workbook}. `kind` is `file` (or a glob), `table` (of the warehouse, by
    name), or `relation` (a model, seed or source that dbt knows). A sheet of a workbook is named after its file:
    customers.xlsx#Sheet. The var with the name of the input takes precedence over its model; a text with the extension
    of a file, or with a folder, is a file.
    Example: {% set location = input_location('shop_customers') %}
#}
{% macro input_location(input) %}
    {% set name = var(input, none) %}
    {% if not name %}
        {% set described = customer_segmentation.input_description(input) %}
        {% if described.is_relation %}
            {{ return({'kind': 'relation', 'name': described.name, 'is_workbook': false}) }}
        {% endif %}
        {% set name = described.name or '' %}
    {% endif %}
    {{ return(customer_segmentation.location_named(input, name)) }}
{% endmacro %}
