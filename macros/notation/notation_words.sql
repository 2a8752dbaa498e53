{#
    The rows of the seed `input_notations` as dictionaries; of one kind if one is named.
    Example: {% set months = notation_words('month') %}
#}
{% macro notation_words(kind=none) %}
    {% set words = ref('input_notations') %}
    {% if not customer_segmentation.is_built(words) %}{{ return([]) }}{% endif %}
    {{ return(customer_segmentation.rows_as_json(
        "select kind, column_name, written, means, factor from " ~ words.render()
        ~ (" where kind = '" ~ kind ~ "'" if kind else "")
        ~ " order by kind, column_name, written"
    )) }}
{% endmacro %}
