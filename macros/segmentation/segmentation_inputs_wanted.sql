{#
    The features that each segmentation that applies to the data passes to its model, as the seeds define them:
    [{segmentation, dataset, features: [{feature, transform}, ...in order of position]}, ...].
#}
{% macro segmentation_inputs_wanted() %}
    {% set segmentations, segmentation_features = ref('applied_segmentations'), ref('segmentation_features') %}
    {% set defined = ref('segmentations') %}
    {# before it is known which segmentations apply, all that are defined; before the seeds are loaded, one to render #}
    {% if not customer_segmentation.is_built(segmentations) %}{% set segmentations = defined %}{% endif %}
    {% if not customer_segmentation.is_built(segmentations) %}
        {% set features = [{'feature': 'feature', 'transform': 'none'}] %}
        {{ return([{
            'segmentation': 'segmentation', 'dataset': customer_segmentation.names_in_var('datasets')[0],
            'features': features
        }]) }}
    {% endif %}
    {% set wanted = {} %}
    {% set query %}
        select
            segmentations.segmentation, segmentations.dataset,
            segmentation_features.feature, segmentation_features.transform
        from {{ segmentations.render() }} as segmentations
        inner join {{ segmentation_features.render() }} as segmentation_features
            on segmentations.segmentation = segmentation_features.segmentation
        order by segmentations.segmentation, segmentation_features.position
    {% endset %}
    {% for row in run_query(query).rows %}
        {% do wanted.setdefault(row[0], {'segmentation': row[0], 'dataset': row[1], 'features': []}) %}
        {% do wanted[row[0]].features.append({'feature': row[2], 'transform': row[3]}) %}
    {% endfor %}
    {% if not wanted %}
        {% do exceptions.raise_compiler_error(
            "No segmentation of seeds/judgement/segmentations.csv applies to the data. Expected at least one whose "
            ~ "features are known; the view segmentation_decisions gives the reason for each. Define one with "
            ~ "features that the data has."
        ) %}
    {% endif %}
    {{ return(wanted.values() | list) }}
{% endmacro %}
