{#
    Load a seed file into its table of text columns unchanged. dbt-duckdb would guess how the file quotes its texts, and
    a wrong guess changes what is loaded.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set columns = [] %}
    {% for name in agate_table.column_names %}
        {% do columns.append("'" ~ name | replace("'", "''") ~ "': 'varchar'") %}
    {% endfor %}
    {% set sql %}
        insert into {{ this.render() }}
        select * from read_csv(
            {{ customer_segmentation.file_pattern(adapter.get_seed_file_path(model)) }},
            {{ customer_segmentation.seed_file_format() }}, columns = { {{- columns | join(', ') -}} }
        )
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=true) %}
    {{ return(sql) }}
{% endmacro %}
