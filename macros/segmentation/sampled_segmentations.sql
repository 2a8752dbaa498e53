{# The segmentations with so many different customers that their fit looks at a sample first: a list of their names. #}
{% macro sampled_segmentations() %}
    {% set statistics = ref('segmentation_statistics') %}
    {# before they are counted, none #}
    {% if not customer_segmentation.is_built(statistics) %}{{ return([]) }}{% endif %}
    {{ return(
        run_query('select distinct segmentation from ' ~ statistics ~ ' where is_sampled order by 1').columns[0].values() | list
    ) }}
{% endmacro %}
