{#
    Stop before a publication if a table that it is made from, directly or by others, was last built with --empty: a run that builds a
    few tables alone would publish what was emptied before. An empty build publishes nothing in any case.
#}
{% macro stop_on_emptied_tables() %}
    {% if not execute or flags.EMPTY %}{{ return('') }}{% endif %}
    {% set marked = run_query(
        "select schema_name || '.' || table_name from duckdb_tables() where comment = '" ~ customer_segmentation.empty_build_comment() ~ "' union all "
        ~ "select schema_name || '.' || view_name from duckdb_views() where comment = '" ~ customer_segmentation.empty_build_comment() ~ "'"
    ).columns[0].values() %}
    {% if not marked %}{{ return('') }}{% endif %}
    {# the list grows while it is read, until nothing is left to wait for #}
    {% set upstream = model.depends_on.nodes | list %}
    {% for name in upstream %}
        {% for parent in graph.nodes[name].depends_on.nodes if parent in graph.nodes and parent not in upstream %}{% do upstream.append(parent) %}{% endfor %}
    {% endfor %}
    {% set emptied = [] %}
    {% for name in upstream | sort %}
        {% set node = graph.nodes[name] %}
        {% if node.schema ~ '.' ~ node.alias in marked %}{% do emptied.append(node.name) %}{% endif %}
    {% endfor %}
    {% if emptied %}
        {% do exceptions.raise_compiler_error(
            "Nothing is published, because tables were last built with --empty: " ~ emptied[:5] | join(', ')
            ~ (" and " ~ (emptied | length - 5) ~ " more" if emptied | length > 5 else "") ~ ". Build them again, with all that follows from them: dbt build."
        ) %}
    {% endif %}
{% endmacro %}
