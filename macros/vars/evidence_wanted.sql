{#
    `true`, or `false` with the var `evidence: none`. Tables that evaluate or explain a segmentation use it in a
    `where`, so that they always exist and are empty if the build skips them. Stops at any other word than full, fast or
    none.
    Example: where {{ evidence_wanted() }}
#}
{% macro evidence_wanted() %}
    {% if execute and var('evidence') not in ['full', 'fast', 'none'] %}
        {% do exceptions.raise_compiler_error(
            "The var `evidence` is '" ~ var('evidence')
            ~ "'. Expected full, fast or none. Correct it in dbt_project.yml or where "
            ~ "you pass it with --vars."
        ) %}
    {% endif %}
    {{ return('false' if var('evidence') == 'none' else 'true') }}
{% endmacro %}
