{#
    How the values of an input's choice columns may be written, as [column, written, read_as] with `*` last in each
    column. A row of the seed for this input takes precedence over the row for all inputs.
#}
{% macro input_choices(input, values) %}
    {{ return(run_query(
        "select column_name, lower(written) as written, coalesce(max(case when input is not null then read_as end), "
        ~ "max(read_as)) from "
        ~ values ~ " where coalesce(input, '" ~ input ~ "') = '" ~ input ~ "' group by 1, 2 order by 1, 2 desc"
    ).rows) }}
{% endmacro %}
