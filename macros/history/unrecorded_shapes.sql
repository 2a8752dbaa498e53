{# The shapes, as of fitted_shapes(), of the segmentations whose model the history has no bins of yet. #}
{% macro unrecorded_shapes() %}
    {% set fitted, recorded = ref('fitted_clusters'), customer_segmentation.recorded_rows('fit_bins') %}
    {% if not customer_segmentation.is_built(fitted) %}{{ return([]) }}{% endif %}
    {% set query %}
        select distinct fitted.segmentation
        from {{ fitted.render() }} as fitted
        left join ({{ recorded }}) as recorded
            on fitted.segmentation = recorded.segmentation and fitted.model_version = recorded.model_version
        where recorded.model_version is null
    {% endset %}
    {% set names = run_query(query).columns[0].values() | list %}
    {{ return(customer_segmentation.fitted_shapes() | selectattr('segmentation', 'in', names) | list) }}
{% endmacro %}
