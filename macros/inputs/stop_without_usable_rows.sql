{#
    Stop the build if no row of an input can be used, with the reason most rows share and the first example of it.
    Example, first in the model of the usable rows: {{ stop_without_usable_rows('shop_customers') }}
#}
{% macro stop_without_usable_rows(input) %}
    {% set rows = customer_segmentation.rows_of_input(input) %}
    {% if not customer_segmentation.is_built(rows) %}{{ return('') }}{% endif %}
    {% do customer_segmentation.warn_of_lone_dates(input, rows) %}
    {% if run_query(
        "select count(*) from (select 1 from " ~ rows ~ " where reason is null limit 1) as usable"
    ).rows[0][0] %}
        {{ return('') }}
    {% endif %}
    {% set reasons = run_query(
        "select reason, problem_column, count(*), min_by(explanation, row_number) from " ~ rows
        ~ " group by 1, 2 order by 3 desc, 1, 2"
    ).rows %}
    {% if not reasons %}
        {% do exceptions.raise_compiler_error(
            "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input)
            ~ ") has no rows. Expected at least one."
        ) %}
    {% endif %}
    {% do exceptions.raise_compiler_error(
        "No row of the input " ~ input ~ " (" ~ customer_segmentation.input_origin(input)
        ~ ") can be used. Most often (" ~ reasons[0][2]
        ~ " rows): " ~ reasons[0][0] ~ ", " ~ reasons[0][3] ~ ". "
        ~ (customer_segmentation.date_forms() ~ " " if reasons[0][0] == 'not a date' else "") ~ "See " ~ rows
        ~ " for all, and seeds/judgement/features.csv and "
        ~ "input_definitions.csv for what is valid."
    ) %}
{% endmacro %}
