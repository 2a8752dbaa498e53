{#
    Stop before publishing if a source table was emptied by an empty build (--empty), or built from such a table since:
    a run that builds only a few tables would publish the emptied rest. An empty build publishes nothing in any case.
#}
{% macro stop_on_emptied_tables() %}
    {% if not execute or flags.EMPTY %}{{ return('') }}{% endif %}
    {% set emptied = customer_segmentation.emptied_tables() %}
    {% if emptied %}
        {% do exceptions.raise_compiler_error(
            "Nothing is published, because tables were last built with --empty, or from tables that were: "
            ~ emptied[:5] | join(', ')
            ~ (" and " ~ (emptied | length - 5) ~ " more" if emptied | length > 5 else "")
            ~ ". Build them again: dbt build."
        ) %}
    {% endif %}
{% endmacro %}
