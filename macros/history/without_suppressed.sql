{#
    The rows of an input without those of customers on the suppression list; `query` unchanged where the list is empty.
    How an input is read depends on all of its rows, so it is decided on a temporary relation, of which nothing stays in
    the warehouse. A row of an order that names no customer belongs to the customer whom another row of it names. Rows
    keep their numbers, so that rejected ones are found in the file.
    Example: {{ without_suppressed('shop_customers', 'select * from customers', 'table') }}
#}
{% macro without_suppressed(input, query, materialized) %}
    {% set suppressed = customer_segmentation.suppressed_customers(customer_segmentation.dataset_of_input(input)) %}
    {% if not suppressed.hashes or flags.EMPTY %}{{ return(query) }}{% endif %}
    {% set all_rows = customer_segmentation.all_rows_of_input(input) %}
    {% do run_query(
        "create or replace temporary " ~ materialized ~ " " ~ all_rows.identifier ~ " as " ~ query
    ) %}
    {# the model of an input does not depend on these seeds, but on `seed_problems`, which is built after them #}
    {% set seeds, ids = {}, {} %}
    {% for seed in graph.nodes.values() if seed.resource_type == 'seed'
        and seed.name in ['input_definitions', 'input_synonyms', 'features', 'placeholder_ids'] %}
        {% do seeds.update({seed.name: api.Relation.create(seed.database, seed.schema, seed.alias).render()}) %}
    {% endfor %}
    {% set spellings = customer_segmentation.input_spellings(seeds.input_synonyms) %}
    {% for entry in customer_segmentation.found_columns(input, all_rows, spellings, seeds) if entry.kind == 'id' %}
        {% do ids.update({entry.column: entry}) %}
    {% endfor %}
    {% set customer = customer_segmentation.input_text(ids.customer_id) %}
    {% set is_suppressed = customer_segmentation.is_suppressed(customer, suppressed) %}
    {# a view cannot show what is temporary #}
    {% set source = "(" ~ query ~ ")" if materialized == 'view' else all_rows.render() %}
    {% set kept = ["not " ~ is_suppressed] %}
    {% if ids.transaction_id and ids.transaction_id.found is not none %}
        {% set order = customer_segmentation.input_text(ids.transaction_id) %}
        {% do kept.append(
            "not coalesce(" ~ customer ~ " is null and " ~ order ~ " in (select " ~ order ~ " from " ~ source
            ~ " as orders where " ~ is_suppressed ~ "), false)"
        ) %}
    {% endif %}
    {{ return("select * from " ~ source ~ " as all_rows where " ~ kept | join(' and ')) }}
{% endmacro %}
