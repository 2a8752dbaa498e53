{#
    Create the table of a seed with text columns only. dbt would guess the types, and one word in a column of numbers
    would silently turn it into text; here conform_seed checks every value against the declared type and says what is
    wrong.
#}
{% macro duckdb__create_csv_table(model, agate_table) %}
    {% set columns = [] %}
    {% for name in agate_table.column_names %}
        {% do columns.append(adapter.quote(name) ~ ' ' ~ dbt.type_string()) %}
    {% endfor %}
    {% set sql = "create table " ~ this.render() ~ " (" ~ columns | join(', ') ~ ")" %}
    {% call statement('_') %}{{ sql }}{% endcall %}
    {{ return(sql) }}
{% endmacro %}
