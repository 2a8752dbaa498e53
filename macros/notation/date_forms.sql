{# The supported date formats, as a sentence for messages. #}
{% macro date_forms() %}
    {{ return(
        "Dates are read as 2024-12-31, 2024/12/31, 20241231, 31.12.2024, 31 Dec 2024, Dec 31, 2024 or 31-Dec-2024, as "
        ~ "31/12/2024, 12/31/2024, 31-12-2024 or 31/12/24 where the column shows what comes first, and as spreadsheet "
        ~ "day numbers, each with or without a time after it."
    ) }}
{% endmacro %}
