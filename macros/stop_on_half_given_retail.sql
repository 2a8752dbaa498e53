{# Stop the build if only one half of the retail data is given: generated customers know nothing of real purchases. #}
{% macro stop_on_half_given_retail() %}
    {% set customers, transactions = var('retail_customers'), var('retail_transactions') %}
    {% if execute and (customers and not transactions or transactions and not customers) %}
        {% do exceptions.raise_compiler_error(
            "The var retail_" ~ ("customers" if customers else "transactions") ~ " is given, and retail_"
            ~ ("transactions" if customers else "customers") ~ " is not: the other half would be synthetic. Name both. If there "
            ~ "is no table of customers, set retail_customers to from_transactions."
        ) %}
    {% endif %}
{% endmacro %}
