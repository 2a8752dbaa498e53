{#
    Finish or undo a publication that was killed while its files were replaced, and say so. Runs at the start of every
    build; every other program of this project that opens the published folder does the same. Inside another dbt
    project, whose profile may lack the function, `published_tables` does it.
#}
{% macro settle_publication() %}
    {% if not execute or customer_segmentation.is_guest() %}{{ return('') }}{% endif %}
    {% set folder = "'" ~ (customer_segmentation.published_folder() ~ '').replace("'", "''") ~ "'" %}
    {% set done = run_query("select settled_publication(" ~ folder ~ ")").rows[0][0] %}
    {% if done %}{% do log(done, info=true) %}{% endif %}
{% endmacro %}
