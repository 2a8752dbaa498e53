-- One row per dataset with dates: the day from which its recency is counted back.
-- A table, so that every figure that depends on the day can be traced to it.
{% set dated = dated_columns() %}
{% for dataset in dated %}
select
    '{{ dataset.dataset }}' as dataset,
    {{ as_of_date(ref(dataset.model), dataset.column) }} as as_of_date
{{ 'union all' if not loop.last }}
{% endfor %}
{{ no_rows(['dataset'], date=['as_of_date']) if not dated }}
