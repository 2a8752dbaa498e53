{#
    Whether this run of dbt builds and tests nothing: dbt compile, docs generate and show, or an editor. The database
    may be empty then.
#}
{% macro only_compiles() %}
    {{ return(flags.WHICH not in ['build', 'run', 'test', 'seed', 'snapshot', 'retry', 'run-operation']) }}
{% endmacro %}
