{#
    The name of a column without the differences between files: upper case, spaces, underscores, brackets, punctuation.
#}
{% macro spelling(name) %}
    {{ return(modules.re.sub('[\\W_]', '', name | lower)) }}
{% endmacro %}
