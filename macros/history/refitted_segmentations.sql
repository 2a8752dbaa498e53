{#
    The shapes, as of fitted_shapes(), of the segmentations whose model is another one than that of the last recorded
    day. Only these are compared customer by customer.
#}
{% macro refitted_segmentations() %}
    {% set fitted, recorded = ref('fitted_clusters'), ref('recorded_clusters') %}
    {% if not customer_segmentation.is_built(recorded) %}{{ return([]) }}{% endif %}
    {% set query %}
        select distinct fitted.segmentation
        from {{ fitted.render() }} as fitted
        inner join {{ recorded.render() }} as recorded
            on fitted.segmentation = recorded.segmentation
        where fitted.model_version <> recorded.model_version
    {% endset %}
    {% set names = run_query(query).columns[0].values() | list %}
    {{ return(customer_segmentation.fitted_shapes() | selectattr('segmentation', 'in', names) | list) }}
{% endmacro %}
