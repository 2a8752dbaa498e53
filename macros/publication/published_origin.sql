{#
    Where the rows of an input come from, for a published table: a file or a glob is told by its name alone, because the folders above
    it say more about a machine and its people than a reader needs. A file of this project keeps its path.
#}
{% macro published_origin(input) %}
    {% set origin = customer_segmentation.input_origin(input) | replace('\\', '/') %}
    {{ return(origin if customer_segmentation.is_synthetic(input) else origin.split('/')[-1]) }}
{% endmacro %}
