{# The comment that replaces the description of a table that was built with --empty, or from such a table. #}
{% macro empty_build_comment() %}
    {{ return('Built with --empty, or from a table that was: rows are missing.') }}
{% endmacro %}
