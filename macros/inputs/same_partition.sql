{# Whether columns group the rows of a relation in the same way, whatever their values: two ids of the same order do. #}
{% macro same_partition(relation, columns) %}
    {% set texts = [] %}
    {% for column in columns %}
        {% do texts.append(
            "coalesce(trim(cast(" ~ customer_segmentation.quoted(column) ~ " as " ~ dbt.type_string() ~ ")), '')"
        ) %}
    {% endfor %}
    {% set counts = ["count(distinct " ~ texts | join(" || '|' || ") ~ ")"] %}
    {% for text in texts %}{% do counts.append("count(distinct " ~ text ~ ")") %}{% endfor %}
    {{ return(
        run_query("select " ~ counts | join(', ') ~ " from " ~ relation).rows[0].values() | unique | list | length == 1
    ) }}
{% endmacro %}
