{#
    Names of the tables that the current model is built from, directly or indirectly, and that have the mark of an empty
    build (--empty): an empty build emptied them, or they were built from such tables since.
    A run that meets no mark makes none unless it is an empty build, so it asks the database once, and remembers that
    in what all models of the run share. Other people may empty tables of a DuckLake meanwhile.
#}
{% macro emptied_tables() %}
    {% if graph.get('run_without_emptied_tables') == invocation_id %}{{ return([]) }}{% endif %}
    {% set mark = "'" ~ customer_segmentation.empty_build_comment() ~ "'" %}
    {% set marked = run_query(
        "select schema_name || '.' || table_name from duckdb_tables() where comment = " ~ mark ~ " union all "
        ~ "select schema_name || '.' || view_name from duckdb_views() where comment = " ~ mark
    ).columns[0].values() %}
    {% if not marked %}
        {% if not flags.EMPTY and not adapter.is_ducklake(this) %}
            {% do graph.update({'run_without_emptied_tables': invocation_id}) %}
        {% endif %}
        {{ return([]) }}
    {% endif %}
    {# the list grows while it is read, until nothing is left to look at #}
    {% set upstream = model.depends_on.nodes | select('in', graph.nodes) | list %}
    {% for name in upstream %}
        {% for parent in graph.nodes[name].depends_on.nodes if parent in graph.nodes and parent not in upstream %}
            {% do upstream.append(parent) %}
        {% endfor %}
    {% endfor %}
    {% set emptied = [] %}
    {% for name in upstream | sort %}
        {% set node = graph.nodes[name] %}
        {% if node.schema ~ '.' ~ node.alias in marked %}{% do emptied.append(node.name) %}{% endif %}
    {% endfor %}
    {{ return(emptied) }}
{% endmacro %}
