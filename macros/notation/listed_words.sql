{# The words that the seed `input_values` lists for a column, normalised by `plain_word`. #}
{% macro listed_words(column_name) %}
    {% set values = ref('input_values') %}
    {% if not customer_segmentation.is_built(values) %}{{ return([]) }}{% endif %}
    {{ return(customer_segmentation.plain_words(
        run_query("select written from " ~ values.render() ~ " where column_name = '" ~ column_name ~ "'").rows
        | map(attribute=0) | list
    )) }}
{% endmacro %}
