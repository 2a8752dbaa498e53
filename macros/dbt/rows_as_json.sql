{# The few rows of a query as dictionaries. JSON keeps their types: an empty text does not become null. #}
{% macro rows_as_json(query) %}
    {% set rows = run_query(
        "select cast(to_json(list(rows_of_query)) as varchar) from (" ~ query ~ ") as rows_of_query"
    ).rows[0][0] %}
    {{ return(fromjson(rows) if rows else []) }}
{% endmacro %}
