{#
    Replaces dbt's macro of this name: writes the descriptions of a relation and its columns in one statement. dbt asks
    the database twice which columns there are, which takes longer than building a small table; where a contract is
    enforced, they are known, and those of a seed `conform_seed` has checked, which makes another table to be described.
#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns, is_conformed=false) %}
    {% set will_be_conformed = model.resource_type == 'seed' and not model.config.meta.get('raw_input')
        and model.package_name == 'customer_segmentation' %}
    {% if will_be_conformed and not is_conformed %}{{ return('') }}{% endif %}
    {% set comments = [] %}
    {% if for_relation and config.persist_relation_docs() and model.description %}
        {% do comments.append(customer_segmentation.alter_relation_comment(relation, model.description)) %}
    {% endif %}
    {# a DuckLake has no descriptions of the columns of a view #}
    {% set has_columns = not (relation.is_view and adapter.is_ducklake(relation)) %}
    {% if for_columns and has_columns and config.persist_column_docs() and model.columns %}
        {% set described = model.columns if is_conformed or config.get('contract').enforced else validate_doc_columns(
            relation, model.columns, adapter.get_columns_in_relation(relation) | map(attribute='name') | list
        ) %}
        {% for name, column in described.items() %}
            {% do comments.append(
                "comment on column " ~ relation ~ "." ~ (adapter.quote(name) if column.quote else name) ~ " is "
                ~ duckdb_escape_comment(column.description) ~ ";"
            ) %}
        {% endfor %}
    {% endif %}
    {% if comments %}
        {% do run_query(comments | join('\n')) %}
    {% endif %}
{% endmacro %}
