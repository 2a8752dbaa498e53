{#
    Which spellings of an input go before all others that stand for the same column: {column: [spelling, ...]}. In the seed
    `input_synonyms` their names begin with `!`. The last row goes first, so that one more row overrules what a project came with.
#}
{% macro preferred_spellings(input, synonyms) %}
    {% set preferred = {} %}
    {% set query %}
        select written, column_name from (
            select input, written, column_name, {{ customer_segmentation.input_row_number() }} as row_number from {{ synonyms }}
        ) as numbered
        where input = '{{ input }}' and written like '!%'
        order by row_number desc
    {% endset %}
    {% for row in run_query(query).rows %}
        {% do preferred.setdefault(row[1], []).append(customer_segmentation.spelling(row[0])) %}
    {% endfor %}
    {{ return(preferred) }}
{% endmacro %}
