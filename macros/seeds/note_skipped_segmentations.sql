{#
    Log which segmentations do not apply to the data, and why; fallback segmentations that are not needed are not
    mentioned.
#}
{% macro note_skipped_segmentations() %}
    {% set decisions = ref('segmentation_decisions') %}
    {% if not customer_segmentation.is_built(decisions) %}{{ return('') }}{% endif %}
    {% set rows = run_query(
        "select segmentation, skipped_because from " ~ decisions ~ " where skipped_because is not null "
        ~ "and skipped_because not like 'only for data%' order by segmentation"
    ).rows %}
    {% for row in rows %}{% do log('  ' ~ row[0] ~ ' is skipped: ' ~ row[1], info=true) %}{% endfor %}
{% endmacro %}
