-- One row per table that may have a quality suite, with the relation that holds it. A suite for another table needs its
-- name here, because dbt must know while parsing what the checks wait for.
{% set tables = ['customer_segments', 'segments', 'campaign_recommendations'] %}
{% for input in dataset_inputs() %}{% do tables.append(input.rows) %}{% endfor %}
{% for dataset in names_in_var('datasets') %}{% do tables.append(dataset ~ '_customer_features') %}{% endfor %}
{% for table in tables %}
select
    '{{ table }}' as table_name,
    '{{ ref(table).render() | replace("'", "''") }}' as relation
{{ 'union all' if not loop.last }}
{% endfor %}
