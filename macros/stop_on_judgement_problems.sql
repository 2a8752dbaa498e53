{#
    Stop the build if the judgement seeds contradict each other or the data, and say where and how to mend it.
    Nothing is fitted on a seed that does not mean what its author thinks. Segmentations come first: what is wrong there makes
    other seeds look wrong.
#}
{% macro stop_on_judgement_problems() %}
    {% set problems = ref('judgement_problems') %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% set rows = run_query("select message from " ~ problems ~ " order by file not like '%/segmentations.csv', message").rows %}
    {% if rows | length > 0 %}
        {% do exceptions.raise_compiler_error(rows | map(attribute=0) | join('\n  ')) %}
    {% endif %}
{% endmacro %}
