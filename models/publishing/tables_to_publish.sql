-- One row per public table, with the relation that holds it, the columns that it is sorted by, and its group.
{% for table in public_tables() %}
select
    {{ loop.index }} as position,
    '{{ ref(table).identifier }}' as table_name,
    '{{ ref(table).render() | replace("'", "''") }}' as relation,
    '{{ ref(table).schema }}' as schema_name,
    '{{ tojson(key_of_model(table)) if execute else '[]' }}' as key_columns,
    '{{ meta_of_table(table).get('table_group', 'customers') }}' as table_group,
    cast('{{ meta_of_table(table).get('is_start_here', false) }}' as boolean) as is_start_here
{{ 'union all' if not loop.last }}
{% endfor %}
