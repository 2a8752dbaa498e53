{# The names of the segmentations with so many distinct customers that their fit uses a sample first. #}
{% macro sampled_segmentations() %}
    {% set statistics = ref('segmentation_statistics') %}
    {# none before they are counted #}
    {% if not customer_segmentation.is_built(statistics) %}{{ return([]) }}{% endif %}
    {{ return(
        run_query(
            'select distinct segmentation from ' ~ statistics ~ ' where is_sampled order by 1'
        ).columns[0].values() | list
    ) }}
{% endmacro %}
