{# What a table has in the place of its description that was built with --empty, or from one that was. #}
{% macro empty_build_comment() %}
    {{ return('Built with --empty, or from a table that was: rows are missing.') }}
{% endmacro %}
