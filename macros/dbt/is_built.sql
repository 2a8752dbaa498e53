{#
    Whether a macro may ask a relation for its rows. Not while parsing. In a build always: what is missing there is a mistake, and the
    question stops it. Where dbt only compiles, and in an empty build, only if the relation is there and has rows (with
    `may_be_empty`: if it is there). Otherwise the macro answers with the shape that it has while parsing.
    The question names a seed by `.render()`: an empty build loads seeds as they are, and a bare ref has no rows in it.
    Example: {% if not is_built(seed) %}{{ return([]) }}{% endif %}
#}
{% macro is_built(relation, may_be_empty=false) %}
    {% if not execute %}{{ return(false) }}{% endif %}
    {% if not customer_segmentation.only_compiles() and not flags.EMPTY %}{{ return(true) }}{% endif %}
    {% if load_relation(relation) is none %}{{ return(false) }}{% endif %}
    {{ return(may_be_empty or run_query("select 1 from " ~ relation.render() ~ " limit 1").rows | length > 0) }}
{% endmacro %}
