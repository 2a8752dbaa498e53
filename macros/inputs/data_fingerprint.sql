{#
    An aggregate that is the same for the same rows of an input in any order, and different if a value differs.
    Example: select {{ data_fingerprint(ref('input_shop_customers')) }} from {{ ref('input_shop_customers') }}
#}
{% macro data_fingerprint(relation) %}
    {% set values = [] %}
    {% for column in customer_segmentation.columns_of_input(relation) %}
        {% do values.append(
            "coalesce(cast(" ~ customer_segmentation.quoted(column.name) ~ " as " ~ dbt.type_string() ~ "), '')"
        ) %}
    {% endfor %}
    {% set row = values | join(" || ',' || ") %}
    {{ return('md5(' ~ dbt.listagg(row, "';'", 'order by ' ~ row) ~ ')') }}
{% endmacro %}
