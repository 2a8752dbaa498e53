{#
    Replaces dbt's macro of this name: tables that an empty build (--empty) has emptied, and tables built from them
    later, get a mark instead of their description, so that `stop_on_emptied_tables` finds them. The next real build
    restores the description. Seeds are loaded in full even in an empty build.
#}
{% macro alter_relation_comment(relation, relation_comment) %}
    {% set is_emptied = model.resource_type == 'model' and (flags.EMPTY or customer_segmentation.emptied_tables()) %}
    {{ return(
        dbt.alter_relation_comment(
            relation, customer_segmentation.empty_build_comment() if is_emptied else relation_comment
        )
    ) }}
{% endmacro %}
