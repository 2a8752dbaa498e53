{#
    The spellings of an input that take precedence over all others for the same column: {column: [spelling, ...]}. In
    the seed `input_synonyms` their names begin with `!`. The last row comes first, so that adding a row overrides the
    rows of a project.
#}
{% macro preferred_spellings(input, synonyms) %}
    {% set preferred = {} %}
    {% set query %}
        select written, column_name from (
            select input, written, column_name, {{ customer_segmentation.input_row_number() }} as row_number
            from {{ synonyms }}
        ) as numbered
        where input = '{{ input }}' and written like '!%'
        order by row_number desc
    {% endset %}
    {% for row in run_query(query).rows %}
        {% do preferred.setdefault(row[1], []).append(customer_segmentation.spelling(row[0])) %}
    {% endfor %}
    {{ return(preferred) }}
{% endmacro %}
