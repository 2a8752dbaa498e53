{# What a table that was built with --empty has in the place of its description. #}
{% macro empty_build_comment() %}
    {{ return('Built with --empty: it has no rows.') }}
{% endmacro %}
