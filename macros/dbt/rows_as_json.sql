{# The few rows of a query as dictionaries. As JSON they keep their types: an empty text is not taken for nothing. #}
{% macro rows_as_json(query) %}
    {% set rows = run_query("select cast(to_json(list(rows_of_query)) as varchar) from (" ~ query ~ ") as rows_of_query").rows[0][0] %}
    {{ return(fromjson(rows) if rows else []) }}
{% endmacro %}
