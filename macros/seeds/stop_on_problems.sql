{# Stop the build with the messages of a view of problems, if it has any: those about segmentations first. #}
{% macro stop_on_problems(problems) %}
    {% if not customer_segmentation.is_built(problems) %}{{ return('') }}{% endif %}
    {% set message %}
        select distinct
            file,
            file || ', ' || row_key || ', column ' || column_name || ': found ' || coalesce(found, 'nothing')
            || ', expected ' || expected || '. ' || way_out as message
        from {{ problems }}
    {% endset %}
    {% set rows = run_query(
        "select message from (" ~ message ~ ") as problems order by file not like '%/segmentations.csv', message"
    ).rows %}
    {% if rows | length > 0 %}
        {% do exceptions.raise_compiler_error(rows | map(attribute=0) | join('\n  ')) %}
    {% endif %}
{% endmacro %}
