-- One row per public table, with the relation that holds it and the columns that it is sorted by.
{% for table in public_tables() %}
select
    {{ loop.index }} as position,
    '{{ table }}' as table_name,
    '{{ ref(table).render() | replace("'", "''") }}' as relation,
    '{{ ref(table).schema }}' as schema_name,
    '{{ tojson(key_of_model(table)) if execute else '[]' }}' as key_columns
{{ 'union all' if not loop.last }}
{% endfor %}
