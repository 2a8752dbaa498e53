{#
    The day from which recency is counted back, as a SQL date: the var `as_of_date`, or the last day of the data; never
    today, so that the same data gives the same segments tomorrow.
    Example: {{ as_of_date(ref('stg_shop__transactions'), 'transaction_date') }}
#}
{% macro as_of_date(relation, column) %}
    {% if not customer_segmentation.is_built(relation) %}{{ return("cast('2000-01-01' as date)") }}{% endif %}
    {% set days = run_query(
        "select cast(min(" ~ column ~ ") as " ~ dbt.type_string()
        ~ "), cast(max(" ~ column ~ ") as " ~ dbt.type_string()
        ~ ") from " ~ relation
    ).rows[0] %}
    {% set wanted = customer_segmentation.setting('as_of_date') %}
    {% if not wanted %}{{ return("cast('" ~ days[1] ~ "' as date)") }}{% endif %}
    {% if not modules.re.match('^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$', wanted | string) %}
        {% do exceptions.raise_compiler_error(
            "The var as_of_date is '" ~ wanted ~ "'. Expected a date such as 2024-12-31, or nothing for the last day "
            ~ "of the data."
        ) %}
    {% elif wanted | string < days[0] %}
        {% do exceptions.raise_compiler_error(
            "The var as_of_date is " ~ wanted ~ ", before the first day of " ~ relation.identifier ~ " (" ~ days[0]
            ~ "): nothing was bought by then. Expected a later date."
        ) %}
    {% endif %}
    {{ return("cast('" ~ wanted ~ "' as date)") }}
{% endmacro %}
