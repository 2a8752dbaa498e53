{#
    What earlier builds recorded of a table, as a query: the rows of all days before that of this build, with the
    columns that the table has today. A column that did not exist when a row was recorded is empty in it. With
    `with_today`, also what an earlier build recorded of the same day: its files are replaced by every build, so they
    are those of the manifest, not of the table `recorded_files`.
    Example: select * from ({{ recorded_rows('segment_events') }}) as recorded
#}
{% macro recorded_rows(table, with_today=false) %}
    {% set files, days = ref('recorded_files'), ref('build_days') %}
    {% set columns = graph.nodes['model.customer_segmentation.' ~ table].columns.values() if execute else [] %}
    {% set paths, folder = [], customer_segmentation.history_folder() %}
    {% if customer_segmentation.is_built(files) %}
        {% set known, manifest = files.render(), (folder ~ '/history.json') | replace("'", "''") %}
        {% if with_today and folder and run_query("from glob('" ~ manifest ~ "')").rows %}
            {# the reader sets aside memory for the largest object that it is told of #}
            {% set size = run_query("select size from read_blob('" ~ manifest ~ "')").rows[0][0] %}
            {% set known %}
                (
                    select entry.dataset, cast(entry.day as date) as day, entry.table_name,
                        '{{ folder | replace("'", "''") }}/' || entry.file as path
                    from (
                        select unnest(files) as entry
                        from read_json('{{ manifest }}', maximum_object_size = {{ [size, 1048576] | max }})
                    )
                )
            {% endset %}
        {% endif %}
        {% set query %}
            select files.path
            from {{ known }} as files
            inner join {{ days.render() }} as days
                on files.dataset = days.dataset and files.day {{ '<=' if with_today else '<' }} days.day
            where files.table_name = '{{ table }}'
            order by files.path
        {% endset %}
        {% for row in run_query(query).rows %}{% do paths.append("'" ~ row[0].replace("'", "''") ~ "'") %}{% endfor %}
    {% endif %}
    {% if not columns %}{{ return('select 1 as nothing') }}{% endif %}
    {% set empty = [] %}
    {% for column in columns %}
        {% do empty.append('cast(null as ' ~ column.data_type ~ ') as ' ~ column.name) %}
    {% endfor %}
    select {{ columns | map(attribute='name') | join(', ') }}
    from (
        select {{ empty | join(', ') }}
        where false
        {% if paths %}
        union all by name
        select * from read_parquet([{{ paths | join(', ') }}], union_by_name = true)
        {% endif %}
    ) as recorded
{% endmacro %}
