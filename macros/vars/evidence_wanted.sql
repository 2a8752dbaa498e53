{#
    `true`, or `false` with the var `evidence: none`. Tables that weigh or explain a segmentation put it into a `where`, so
    that they exist in any case and are empty when the build skips them. Stops at any other word but full and fast.
    Example: where {{ evidence_wanted() }}
#}
{% macro evidence_wanted() %}
    {% if execute and var('evidence') not in ['full', 'fast', 'none'] %}
        {% do exceptions.raise_compiler_error(
            "The var `evidence` is '" ~ var('evidence') ~ "'. Expected full, fast or none. Correct it in dbt_project.yml or "
            ~ "where you pass it with --vars."
        ) %}
    {% endif %}
    {{ return('false' if var('evidence') == 'none' else 'true') }}
{% endmacro %}
