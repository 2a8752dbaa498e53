{#
    Added by dbt to the code of every Python model: `dbt.is_empty` says whether the build is empty (--empty). Vars and
    config cannot say this, because dbt reads them while parsing and keeps the result.
#}
{% macro py_script_comment() %}
dbtObj.is_empty = {{ 'True' if flags.EMPTY else 'False' }}
{% endmacro %}
