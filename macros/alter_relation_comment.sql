{#
    Replaces dbt's macro of this name: an empty build (--empty) leaves a mark on the tables that it empties, in the place of their
    description, by which `stop_on_emptied_tables` finds them in a later run. The next real build writes the description again. Seeds
    are loaded in full even then.
#}
{% macro alter_relation_comment(relation, relation_comment) %}
    {% set is_emptied = flags.EMPTY and model.resource_type == 'model' %}
    {{ return(dbt.alter_relation_comment(relation, customer_segmentation.empty_build_comment() if is_emptied else relation_comment)) }}
{% endmacro %}
