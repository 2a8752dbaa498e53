{#
    What dbt adds to the code of every Python model: `dbt.is_empty` says whether the build is an empty one (--empty), which neither
    its vars nor its config could say: dbt reads those while parsing, and keeps what it parsed.
#}
{% macro py_script_comment() %}
dbtObj.is_empty = {{ 'True' if flags.EMPTY else 'False' }}
{% endmacro %}
