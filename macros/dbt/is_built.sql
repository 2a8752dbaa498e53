{#
    Whether a macro may query a relation. Never while parsing. Always in a build: a missing relation is a mistake there,
    and the query stops the build. While dbt only compiles, and in an empty build, only if the relation exists and has
    rows (with `may_be_empty`: if it exists).
    Otherwise the macro returns the same shape as while parsing. Queries name a seed by `.render()`: an empty build
    loads seeds in full, but a bare ref has no rows in it.
    Example: {% if not is_built(seed) %}{{ return([]) }}{% endif %}
#}
{% macro is_built(relation, may_be_empty=false) %}
    {% if not execute %}{{ return(false) }}{% endif %}
    {% if not customer_segmentation.only_compiles() and not flags.EMPTY %}{{ return(true) }}{% endif %}
    {% if load_relation(relation) is none %}{{ return(false) }}{% endif %}
    {{ return(may_be_empty or run_query("select 1 from " ~ relation.render() ~ " limit 1").rows | length > 0) }}
{% endmacro %}
