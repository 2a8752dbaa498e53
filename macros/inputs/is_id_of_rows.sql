{#
    Whether a column named just `id` may identify orders or payments: none of its values occurs with several days or
    customers, as the id of a customer, shop or product would. `entry` belongs to the column, and `entries` has the
    others by column.
#}
{% macro is_id_of_rows(relation, entry, entries) %}
    {% set others = [] %}
    {% for name in ['transaction_date', 'created_on', 'customer_id', 'customer_email']
        if entries.get(name) and entries[name].found is not none %}
        {% do others.append(
            "count(distinct nullif(trim(cast(" ~ customer_segmentation.quoted(entries[name].found) ~ " as "
            ~ dbt.type_string() ~ ")), '')) > 1"
        ) %}
    {% endfor %}
    {% if not others %}{{ return(true) }}{% endif %}
    {% set id = "nullif(trim(cast(" ~ customer_segmentation.quoted(entry.found) ~ " as " ~ dbt.type_string()
        ~ ")), '')" %}
    {{ return(run_query(
        "select count(*) from (select 1 from " ~ relation ~ " where " ~ id ~ " is not null group by " ~ id ~ " having "
        ~ others | join(' or ') ~ " limit 1) as shared"
    ).rows[0][0] == 0) }}
{% endmacro %}
