{#
    Load a seed file into its table of text columns unchanged. dbt-duckdb would guess how the file quotes its texts, and
    a wrong guess changes what is loaded. Of a raw input, whose meta names the column `customer_id`, the rows of
    forgotten customers are left out.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set columns = [] %}
    {% for name in agate_table.column_names %}
        {% do columns.append("'" ~ name | replace("'", "''") ~ "': 'varchar'") %}
    {% endfor %}
    {% set customer_id = model.config.meta.get('customer_id') %}
    {% set suppressed = customer_segmentation.suppressed_customers(model.config.meta.get('dataset'))
        if customer_id else {'hashes': []} %}
    {% set rows %}
        from read_csv(
            {{ customer_segmentation.file_pattern(adapter.get_seed_file_path(model)) }},
            {{ customer_segmentation.seed_file_format() }}, columns = { {{- columns | join(', ') -}} }
        )
    {% endset %}
    {% set is_suppressed = customer_segmentation.is_suppressed(
        customer_segmentation.plain_id({'found': customer_id, 'type': 'text', 'has_email': true}), suppressed
    )
        if suppressed.hashes %}
    {% set rows_left_out = run_query("select count(*) " ~ rows ~ " where " ~ is_suppressed).rows[0][0]
        if is_suppressed else 0 %}
    {% do log(
        model.name ~ ": " ~ rows_left_out ~ (" row" if rows_left_out == 1 else " rows")
        ~ " of forgotten customers left out", info=true
    ) if rows_left_out %}
    {% set sql %}
        insert into {{ this.render() }}
        select * {{ rows }}
        {{ 'where not ' ~ is_suppressed if is_suppressed }}
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=true) %}
    {{ return(sql) }}
{% endmacro %}
