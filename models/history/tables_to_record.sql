-- One row per table of which the history keeps the rows of every day.
{% for table in recorded_tables() %}
select
    '{{ table }}' as table_name,
    '{{ ref(table).render() | replace("'", "''") }}' as relation,
    '{{ tojson(key_of_model(table)) if execute else '[]' }}' as key_columns
{{ 'union all' if not loop.last }}
{% endfor %}
