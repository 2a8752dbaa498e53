{# The names of the columns that the feature mart of a dataset has. #}
{% macro columns_of_features(dataset) %}
    {% set mart = ref(dataset ~ '_customer_features') %}
    {{ return(
        adapter.get_columns_in_relation(mart) | map(attribute='name') | list
        if customer_segmentation.is_built(mart, may_be_empty=true) else []
    ) }}
{% endmacro %}
