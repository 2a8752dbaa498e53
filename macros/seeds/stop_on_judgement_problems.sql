{#
    Stop the build if the judgement seeds contradict each other or the data, and say where and how to fix it.
    Nothing is fitted on a seed that does not mean what its author intends. Segmentations come first, because their
    errors make other seeds look wrong.
#}
{% macro stop_on_judgement_problems() %}
    {% do customer_segmentation.stop_on_problems(ref('judgement_problems')) %}
{% endmacro %}
