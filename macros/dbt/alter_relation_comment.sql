{#
    Replaces dbt's macro of this name: what an empty build (--empty) has emptied, and what is made from that later, gets a mark in the place of
    its description, by which `stop_on_emptied_tables` finds it. The next real build writes the description again. Seeds are loaded in full
    even then.
#}
{% macro alter_relation_comment(relation, relation_comment) %}
    {% set is_emptied = model.resource_type == 'model' and (flags.EMPTY or customer_segmentation.emptied_tables()) %}
    {{ return(dbt.alter_relation_comment(relation, customer_segmentation.empty_build_comment() if is_emptied else relation_comment)) }}
{% endmacro %}
