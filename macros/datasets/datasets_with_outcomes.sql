{#
    The enabled datasets that have an input of what customers bought while campaigns ran. Synthetic outcomes belong to
    synthetic customers: where the var <dataset>_customers names others, outcomes come from the transactions, unless the
    var <dataset>_campaign_outcomes names some. The models of such an input are enabled by the same rule in their yml.
    Example: {% for dataset in datasets_with_outcomes() %}
#}
{% macro datasets_with_outcomes() %}
    {% set found = [] %}
    {% for dataset in customer_segmentation.names_in_var('datasets_with_outcomes', may_be_empty=true)
        if dataset in customer_segmentation.names_in_var('datasets')
        and (var(dataset ~ '_campaign_outcomes', none) or not var(dataset ~ '_customers', none)) %}
        {% do found.append(dataset) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
