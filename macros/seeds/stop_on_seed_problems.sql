{#
    Stop the build if the judgement seeds contradict each other, before any input is read. If inputs are read on their
    own before the first build, the checks do not exist yet.
#}
{% macro stop_on_seed_problems() %}
    {% set problems = ref('seed_problems') %}
    {% if execute and load_relation(problems) is not none %}
        {% do customer_segmentation.stop_on_problems(problems) %}
    {% endif %}
{% endmacro %}
