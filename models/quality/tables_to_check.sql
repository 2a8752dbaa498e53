-- One row per table that may have a quality suite, with the relation that holds it and the folder of its suite. A suite
-- for another table needs its name here, because dbt must know the dependencies of the checks while parsing.
{% set tables = [] %}
{% for name in ['customer_segments', 'segments', 'campaign_recommendations'] %}
{% do tables.append({'name': name, 'suites': quality_folder()}) %}
{% endfor %}
{% for input in dataset_inputs() %}
{% do tables.append({'name': input.rows, 'suites': 'quality/' ~ input.dataset}) %}
{% endfor %}
{% for dataset in names_in_var('datasets') %}
{% do tables.append({'name': dataset ~ '_customer_features', 'suites': 'quality/' ~ dataset}) %}
{% endfor %}
{% for table in tables %}
select
    '{{ table.name }}' as table_name,
    '{{ ref(table.name).render() | replace("'", "''") }}' as relation,
    '{{ table.suites | replace("'", "''") }}' as suite_folder
{{ 'union all' if not loop.last }}
{% endfor %}
