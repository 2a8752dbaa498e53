{#
    Where the rows of an input come from, for a published table: only the name of a file or glob is shown, because its
    folders reveal more about a machine and its users than readers need. A file of this project keeps its path.
#}
{% macro published_origin(input) %}
    {% set origin = customer_segmentation.input_origin(input) | replace('\\', '/') %}
    {{ return(origin if customer_segmentation.is_synthetic(input) else origin.split('/')[-1]) }}
{% endmacro %}
