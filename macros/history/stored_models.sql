{#
    The models that the last build left in the warehouse, of segmentations that are never fitted again, as a query with
    the columns of `fitted_clusters`. A table of another version of this project counts as none; without a history,
    where nothing else has the models, it stops the build.
    Example: select * from ({{ stored_models() }}) as stored
#}
{% macro stored_models() %}
    {% set node = (graph.nodes or {}).get('model.customer_segmentation.fitted_clusters') %}
    {% set segmentations = ref('applied_segmentations') %}
    {% set nothing = customer_segmentation.no_rows(['segmentation', 'model_version']) %}
    {% if not node or not customer_segmentation.is_built(segmentations) %}{{ return(nothing) }}{% endif %}
    {% set never = run_query("select 1 from " ~ segmentations.render() ~ " where refit = 'never'").rows | length > 0 %}
    {% set stored = adapter.get_relation(node.database, node.schema, node.alias) if never else none %}
    {% if not stored %}{{ return(nothing) }}{% endif %}
    {% set found = adapter.get_columns_in_relation(stored) | map(attribute='name') | sort | list %}
    {% if found != node.columns.keys() | sort | list %}
        {% if not customer_segmentation.history_folder() %}
            {% do exceptions.raise_compiler_error(
                "refit is never, but another version of this project wrote the models in " ~ stored ~ ", and there is "
                ~ "no history that has them. Build once with the var refit: always."
            ) %}
        {% endif %}
        {{ return(nothing) }}
    {% endif %}
    {{ return(
        "select stored.* from " ~ stored ~ " as stored inner join " ~ segmentations.render() ~ " as segmentations "
        ~ "on stored.segmentation = segmentations.segmentation where segmentations.refit = 'never'"
    ) }}
{% endmacro %}
