{#
    Read an input unchanged: all columns under their own names, plus `input_row_number`, without the rows of forgotten
    customers. The source is the file, glob or table named by the var with the same name; otherwise `source`, which is
    such a text or a relation: ref(...), source(...). Data that comes with this project is marked:
    `is_synthetic` for generated rows, `fingerprint` (data_fingerprint) for rows that users may replace.
    Example, a whole model: {{ read_input('shop_customers', source('shop', 'customers')) }}
#}
{% macro read_input(input, source, is_synthetic=false, fingerprint=none) %}
    {% set dataset, is_relation = customer_segmentation.dataset_of_input(input), source is not string %}
    {# data that this project generates or has as a seed is fast to read again #}
    {% set is_ours = is_relation and (is_synthetic or fingerprint) %}
    {% set materialized = 'view' if is_ours and not var(input, none)
        else customer_segmentation.input_materialization(var(input, none) or source) %}
    {% do config(
        materialized=materialized,
        schema='inputs',
        persist_docs={'relation': true, 'columns': false},
        post_hook="{{ customer_segmentation.stop_on_lost_rows('" ~ input ~ "') }}",
        meta={'input': {
            'name': none if is_relation else source, 'is_relation': is_relation, 'is_synthetic': is_synthetic,
            'fingerprint': fingerprint,
        }}
    ) %}
    {% do customer_segmentation.stop_on_seed_problems() %}
    {% if not execute or (
        customer_segmentation.only_compiles() and not customer_segmentation.is_built(this, may_be_empty=true)
    ) %}
        {{ return('select 1 as input_row_number') }}
    {% endif %}
    {% do customer_segmentation.stop_on_half_given(dataset) %}
    {{ return(customer_segmentation.without_suppressed(
        input, customer_segmentation.rows_as_they_came(input, source), materialized
    )) }}
{% endmacro %}
