{#
    Warn about the rows of an input that are rejected because their date is far later than all others, naming the first
    of them.
#}
{% macro warn_of_lone_dates(input, rows) %}
    {% set lone = run_query(
        "select count(*), min(row_number), min_by(explanation, row_number), min_by(reason, row_number) from " ~ rows
        ~ " where reason like 'in the future: %'"
    ).rows[0] %}
    {% if lone[0] %}
        {% do exceptions.warn(
            "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input) ~ "), row " ~ lone[1] ~ ", "
            ~ lone[2] ~ ": " ~ lone[3]
            ~ ", the last of the other dates" ~ (" (and " ~ (lone[0] - 1) ~ " more rows)" if lone[0] > 1 else "")
            ~ ". It is rejected, so that recency is not counted from it. If the date is right, set lone_date_gap_days "
            ~ "in dbt_project.yml to a higher number."
        ) %}
    {% endif %}
{% endmacro %}
