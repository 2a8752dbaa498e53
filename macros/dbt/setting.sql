{#
    The value of a var of this project, for a node of any project. dbt passes a var without a default to a node of
    another project only if that project sets it, so the model `seed_problems` stores the values that this project sees.
    Example: {% set wanted = customer_segmentation.setting('as_of_date') %}
#}
{% macro setting(name) %}
    {% set carrier = (graph.nodes or {}).get('model.customer_segmentation.seed_problems') %}
    {% if model is defined and model.package_name != 'customer_segmentation' and carrier %}
        {{ return(carrier.config.meta.settings[name]) }}
    {% endif %}
    {{ return(var(name)) }}
{% endmacro %}
