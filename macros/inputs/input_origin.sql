{# Where the rows of an input come from, for a message or a table: a file, a table, or this project. #}
{% macro input_origin(input) %}
    {% set location, described = customer_segmentation.input_location(input),
        customer_segmentation.input_description(input) %}
    {% set is_ours = location.kind == 'relation' and (described.is_synthetic or described.fingerprint) %}
    {% set name = 'this project' if is_ours else location.name %}
    {{ return(name ~ ' (synthetic)' if customer_segmentation.is_synthetic(input) else name) }}
{% endmacro %}
