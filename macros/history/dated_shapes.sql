{#
    The shapes, as of fitted_shapes(), of the segmentations that can be looked at month by month, with their `inputs`:
    [{feature, transform, table}, ...]. Every feature is known at each month end (`history`), or is an attribute of the
    customer that has no date (`customers`), such as income. Features that sum up purchases otherwise are neither.
#}
{% macro dated_shapes() %}
    {% set columns, found = {}, [] %}
    {% for dataset in customer_segmentation.datasets_with_purchases() %}
        {% set history = ref(dataset ~ '_customer_history') %}
        {% set customers = ref('stg_' ~ dataset ~ '__customers') %}
        {% set features = ref(dataset ~ '_customer_features') %}
        {% if customer_segmentation.is_built(history) and customer_segmentation.is_built(ref('fitted_clusters')) %}
            {% do columns.update({dataset: {
                'history': adapter.get_columns_in_relation(history) | map(attribute='name') | list,
                'customers': adapter.get_columns_in_relation(customers) | map(attribute='name') | list
            }}) %}
        {% endif %}
    {% endfor %}
    {% set wanted = {} %}
    {% for one in customer_segmentation.segmentation_inputs_wanted() %}
        {% do wanted.update({one.segmentation: one.features}) %}
    {% endfor %}
    {% for shape in customer_segmentation.fitted_shapes()
        if shape.dataset in columns and shape.segmentation in wanted %}
        {% set inputs, own = [], columns[shape.dataset] %}
        {% for one in wanted[shape.segmentation] %}
            {% set table = 'customers' if one.feature in own.customers %}
            {% set table = 'history' if one.feature in own.history else table %}
            {% do inputs.append({'feature': one.feature, 'transform': one.transform, 'table': table}) if table %}
        {% endfor %}
        {% if inputs | length == shape.features %}
            {% do found.append({
                'segmentation': shape.segmentation, 'dataset': shape.dataset, 'clusters': shape.clusters,
                'features': shape.features, 'inputs': inputs
            }) %}
        {% endif %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
